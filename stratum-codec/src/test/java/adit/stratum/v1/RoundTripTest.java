package adit.stratum.v1;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What one side writes, the other reads back.
final class RoundTripTest {
    private static final long SEED = 7;
    private static final int ROUNDS = 2_000;

    private final Random random = new Random(SEED);

    @Test
    void bringsJobsToTheMiner() throws MalformedMessage {
        for (int i = 0; i < ROUNDS; i++) {
            var job = job();

            var message = message(out -> V1Encoder.notify(out, job));

            assertThat(message).as("seed %d", SEED).isEqualTo(new V1ServerMessage.Notify(job));
        }
    }

    @Test
    void bringsSharedJobsToTheMinerWithTheirReissueSuffix() throws MalformedMessage {
        for (int i = 0; i < ROUNDS; i++) {
            var job = job();
            var line = V1NotifyLine.of(job);
            int reissue = random.nextInt(256);
            boolean isClean = random.nextBoolean();
            var coinbasePrefix = job.coinbasePrefix().clone();
            coinbasePrefix[coinbasePrefix.length - 1] = (byte) reissue;

            var message = message(out -> line.writeTo(out, reissue, isClean));

            assertThat(message)
                    .as("seed %d", SEED)
                    .isEqualTo(
                            new V1ServerMessage.Notify(
                                    new V1Notify(
                                            (job.jobId() & ~0xffL) | reissue,
                                            job.previousHash(),
                                            coinbasePrefix,
                                            job.coinbaseSuffix(),
                                            job.branch(),
                                            job.version(),
                                            job.nBits(),
                                            job.ntime(),
                                            isClean)));
        }
    }

    @Test
    void bringsAnotherHalfOfTheCoinbaseInTheSameLine() {
        for (int i = 0; i < ROUNDS; i++) {
            var job = job();
            var other = job().coinbaseSuffix();
            var same =
                    new V1Notify(
                            job.jobId(),
                            job.previousHash(),
                            job.coinbasePrefix(),
                            other,
                            job.branch(),
                            job.version(),
                            job.nBits(),
                            job.ntime(),
                            job.cleanJobs());

            var line = V1NotifyLine.of(job).withCoinbaseSuffix(other);

            assertThat(line.bytes()).as("seed %d", SEED).isEqualTo(V1NotifyLine.of(same).bytes());
            assertThat(line.coinbaseOffset()).isEqualTo(V1NotifyLine.of(same).coinbaseOffset());
            assertThat(line.suffixOffset()).isEqualTo(V1NotifyLine.of(same).suffixOffset());
        }
    }

    @Test
    void patchesTheSharedLineOnlyWhereItSays() {
        var job = job();
        var line = V1NotifyLine.of(job);
        var whole = Unpooled.buffer();
        V1Encoder.notify(whole, job);
        var text = whole.toString(UTF_8);

        assertThat(line.length(job.cleanJobs())).isEqualTo(text.length());
        assertThat(new String(line.bytes(), UTF_8))
                .isEqualTo(text.substring(0, line.cleanOffset()));
        assertThat(text.substring(line.suffixOffset(), line.suffixOffset() + 3))
                .isEqualTo(String.format("%02x\"", job.jobId() & 0xff));
        int lastByte = job.coinbasePrefix()[job.coinbasePrefix().length - 1] & 0xff;
        assertThat(text.substring(line.coinbaseOffset(), line.coinbaseOffset() + 3))
                .isEqualTo(String.format("%02x\"", lastByte));
        assertThat(text.substring(line.cleanOffset())).isEqualTo(job.cleanJobs() + "]}\n");
    }

    @Test
    void bringsSubmitsToThePool() throws MalformedMessage {
        var decoder = new V1Decoder();
        for (int i = 0; i < ROUNDS; i++) {
            long id = random.nextLong(1_000);
            long jobId = random.nextLong() >>> random.nextInt(64);
            String user = user();
            var extranonce = bytes(random.nextInt(33));
            int ntime = random.nextInt();
            int nonce = random.nextInt();
            int bits = random.nextInt();
            boolean isRolling = random.nextBoolean();

            var submission = new V1Submission(jobId, extranonce, ntime, nonce, isRolling, bits);
            var line = line(out -> V1MinerEncoder.submit(out, id, user, submission));
            var submit = (Submit) decoder.decode(line, 0, line.length);

            assertThat(SubmitValues.of(line, submit))
                    .as("seed %d", SEED)
                    .isEqualTo(
                            new SubmitValues(
                                    "" + id,
                                    user,
                                    jobId,
                                    V1Hex.jobIdDigits(jobId),
                                    HexFormat.of().formatHex(extranonce),
                                    ntime,
                                    nonce,
                                    isRolling,
                                    isRolling ? bits : 0));
        }
    }

    @Test
    void bringsTheOtherRequestsToThePool() throws MalformedMessage {
        assertThat(request(out -> V1MinerEncoder.subscribe(out, 2, "adit/1 \"x\"", "")))
                .isEqualTo(new V1Request.Subscribe(6, 1, "adit/1 \"x\"", ""));
        assertThat(request(out -> V1MinerEncoder.subscribe(out, 2, "adit/1", "f000000d")))
                .isEqualTo(new V1Request.Subscribe(6, 1, "adit/1", "f000000d"));
        assertThat(request(out -> V1MinerEncoder.authorize(out, 12, "bc1q\u00e9.r", "d=5")))
                .isEqualTo(new V1Request.Authorize(6, 2, "bc1q\u00e9.r", "d=5"));
        assertThat(request(out -> V1MinerEncoder.suggestDifficulty(out, 1, "0.25")))
                .isEqualTo(new V1Request.SuggestDifficulty(6, 1, new BigDecimal("0.25")));
        assertThat(request(out -> V1MinerEncoder.extranonceSubscribe(out, 1)))
                .isEqualTo(new V1Request.ExtranonceSubscribe(6, 1));
        assertThat(request(out -> V1MinerEncoder.reply(out, 1, "pong")))
                .isEqualTo(new V1Request.Reply(6, 1, "pong"));
        assertThat(request(out -> V1MinerEncoder.configure(out, 1, 0x1fffe000, true)))
                .isEqualTo(
                        new V1Request.Configure(
                                6,
                                1,
                                List.of(
                                        new V1Extension.VersionRolling(0x1fffe000, 2),
                                        new V1Extension.SubscribeExtranonce())));
        assertThat(request(out -> V1MinerEncoder.configure(out, 1, -1, false)))
                .isEqualTo(
                        new V1Request.Configure(
                                6, 1, List.of(new V1Extension.VersionRolling(-1, 2))));
    }

    @Test
    void bringsAnswersToTheMiner() throws MalformedMessage {
        var accepted =
                (V1ServerMessage.Reply) message(out -> V1Encoder.resultTrue(out, Lines.ID, 6, 1));
        assertThat(accepted.id()).isEqualTo(7);
        assertThat(accepted.isTrue()).isTrue();
        assertThat(
                        message(out ->
                                V1Encoder.error(
                                        out, Lines.ID, 6, 1, V1Error.METHOD_NOT_FOUND, "no")))
                .isEqualTo(
                        new V1ServerMessage.Reply(7, new V1ServerMessage.Result.None(), -3, "no"));
        assertThat(
                        message(out ->
                                V1Encoder.refused(out, Lines.ID, 0, 0, V1Error.UNAUTHORIZED, "no")))
                .isEqualTo(
                        new V1ServerMessage.Reply(
                                -1, new V1ServerMessage.Result.Bool(false), 24, "no"));
        var reply =
                (V1ServerMessage.Reply)
                        message(out ->
                                V1Encoder.subscribeResult(
                                        out, Lines.ID, 6, 1, "sid", new byte[] {1, -1}, 8));
        var subscribed = (V1ServerMessage.Result.Subscribed) reply.result();
        assertThat(subscribed.sessionId()).isEqualTo("sid");
        assertThat(subscribed.extranoncePrefix()).containsExactly(1, -1);
        assertThat(subscribed.extranonceBytes()).isEqualTo(8);
        assertThat(
                        message(out ->
                                V1Encoder.configureResult(
                                        out,
                                        Lines.ID,
                                        6,
                                        1,
                                        List.of(new V1Extension.VersionRolling(-1, 0)),
                                        0x1fffe000,
                                        false)))
                .isEqualTo(
                        new V1ServerMessage.Reply(
                                7, new V1ServerMessage.Result.Configured(0x1fffe000), 0, ""));
    }

    @Test
    void bringsNotificationsAndCallsToTheMiner() throws MalformedMessage {
        var oneUnit = "0.00000000023283064365386962890625";
        assertThat(message(out -> V1Encoder.setDifficulty(out, oneUnit)))
                .isEqualTo(new V1ServerMessage.SetDifficulty(new BigDecimal(oneUnit)));
        assertThat(message(out -> V1Encoder.setDifficulty(out, "0.001953125")))
                .isEqualTo(new V1ServerMessage.SetDifficulty(new BigDecimal("0.001953125")));
        assertThat(message(out -> V1Encoder.setVersionMask(out, 0x1fffe000)))
                .isEqualTo(new V1ServerMessage.SetVersionMask(0x1fffe000));
        var extranonce =
                (V1ServerMessage.SetExtranonce)
                        Lines.message(
                                "{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"0506\",4]}");
        assertThat(extranonce.extranoncePrefix()).containsExactly(5, 6);
        assertThat(extranonce.extranonceBytes()).isEqualTo(4);
        assertThat(message(V1Encoder::reconnect))
                .isEqualTo(new V1ServerMessage.Reconnect("", 0, 0));
        assertThat(message(out -> V1Encoder.reconnect(out, "a.b", 3333, 5)))
                .isEqualTo(new V1ServerMessage.Reconnect("a.b", 3333, 5));
        assertThat(message(out -> V1Encoder.showMessage(out, "hi \"you\"")))
                .isEqualTo(new V1ServerMessage.ShowMessage("hi \"you\""));
        assertThat(message(out -> V1Encoder.getVersion(out, 9)))
                .isEqualTo(new V1ServerMessage.GetVersion(9));
        assertThat(message(out -> V1Encoder.ping(out, 42))).isEqualTo(new V1ServerMessage.Ping(42));
        assertThat(Lines.message("{\"id\":null,\"method\":\"mining.set_goal\",\"params\":[]}"))
                .isEqualTo(new V1ServerMessage.Other("mining.set_goal"));
    }

    @Test
    void refusesWhatAPoolMayNotSend() {
        for (var line :
                List.of(
                        "{\"id\":1,\"result\":null,\"error\":\"stale\"}",
                        "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[0]}",
                        "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[]}",
                        "{\"id\":null,\"method\":\"mining.set_version_mask\",\"params\":[\"fff\"]}",
                        "{\"id\":null,\"method\":\"mining.notify\",\"params\":[]}",
                        "{\"id\":1,\"result\":{\"version-rolling\":true},\"error\":null}",
                        "[]")) {
            assertThatThrownBy(() -> Lines.message(line))
                    .as(line)
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    private V1Notify job() {
        return new V1Notify(
                random.nextLong() >>> random.nextInt(64),
                bytes(32),
                bytes(1 + random.nextInt(100)),
                bytes(random.nextInt(300)),
                IntStream.range(0, random.nextInt(14)).mapToObj(_ -> bytes(32)).toList(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextBoolean());
    }

    private String user() {
        var user = new StringBuilder();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            boolean isPlain = random.nextInt(20) > 0;
            user.appendCodePoint(isPlain ? 'a' + random.nextInt(26) : random.nextInt(0xd800));
        }
        return user.toString();
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] line(Consumer<ByteBuf> encoder) {
        var bytes = Lines.written(encoder).getBytes(UTF_8);
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) '\n');
        return Arrays.copyOf(bytes, bytes.length - 1);
    }

    private static V1Request request(Consumer<ByteBuf> encoder) throws MalformedMessage {
        return Lines.request(new String(line(encoder), UTF_8));
    }

    private static V1ServerMessage message(Consumer<ByteBuf> encoder) throws MalformedMessage {
        return Lines.message(new String(line(encoder), UTF_8));
    }
}
