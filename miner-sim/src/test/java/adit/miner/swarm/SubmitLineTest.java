package adit.miner.swarm;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import adit.stratum.MalformedMessage;
import adit.stratum.v1.Submit;
import adit.stratum.v1.V1Decoder;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

class SubmitLineTest {

    private static final String NOTIFY =
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"00000012ab\",\"aa\",\"bb\",\"cc\",[\"dd\",\"ee\"],\"20000000\",\"17034219\",\"65f00001\",true]}";

    @Test
    void everyShareHasAnotherIdExtranonceAndVersion() throws MalformedMessage {
        var line = new SubmitLine("name.w1", job(NOTIFY), 8, 0x1fffe000);
        var decoder = new V1Decoder();
        var seen = new HashSet<String>();
        for (int number = 1; number <= 1_000; number++) {
            var bytes = written(line, number);
            var submit = (Submit) decoder.decode(bytes, 0, bytes.length - 1);
            assertThat(submit.jobId()).isEqualTo(0x12ab);
            assertThat(submit.ntime()).isEqualTo(0x65f00001);
            assertThat(submit.extranonceLength()).isEqualTo(8);
            assertThat(submit.versionBits() & ~0x1fffe000).isZero();
            assertThat(submit.versionBits()).isNotZero();
            assertThat(seen.add("v" + submit.versionBits())).isTrue();
            assertThat(seen.add("e" + HexFormat.of().formatHex(submit.extranonce()))).isTrue();
            assertThat(
                            seen.add(
                                    "i"
                                            + new String(
                                                    bytes,
                                                    submit.idOffset(),
                                                    submit.idLength(),
                                                    US_ASCII)))
                    .isTrue();
        }
    }

    @Test
    void leavesTheVersionOutWhereNoneMayBeRolled() {
        var line = new SubmitLine("n", job(NOTIFY), 4, 0);
        assertThat(new String(written(line, 0x1c8), US_ASCII))
                .isEqualTo(
                        "{\"id\":10000456,\"method\":\"mining.submit\",\"params\":[\"n\",\"00000012ab\",\"000001c8\",\"65f00001\",\"00000000\"]}\n");
    }

    @Test
    void readsANotifyWhateverTheOrderOfItsMembers() {
        var turned =
                "{\"params\": [\"7\", \"aa\", \"bb\", \"cc\", [], \"20000000\", \"17034219\", \"65f00001\", false], \"id\": null, \"method\": \"mining.notify\"}";
        var job = job(turned);
        assertThat(job.id()).isEqualTo("7");
        assertThat(job.ntime()).isEqualTo("65f00001");
        assertThat(job.clean()).isFalse();
        assertThat(job(NOTIFY).clean()).isTrue();
    }

    @Test
    void doesNotTakeHalfALineForAJob() {
        for (int length = 0; length < NOTIFY.length() - 10; length++) {
            var bytes = NOTIFY.substring(0, length).getBytes(US_ASCII);
            assertThat(PoolJob.read(bytes, 0, length)).isNull();
        }
    }

    @Test
    void tellsAcceptedFromRefusedAndReadsIds() {
        var accepted = "{\"error\":null,\"id\": 42,\"result\": true}".getBytes(US_ASCII);
        assertThat(Scan.isAccepted(accepted, 0, accepted.length)).isTrue();
        assertThat(Scan.id(accepted, 0, accepted.length)).isEqualTo(42);
        var refused = "{\"id\":43,\"result\":null,\"error\":[21,\"x\",null]}".getBytes(US_ASCII);
        assertThat(Scan.isAccepted(refused, 0, refused.length)).isFalse();
    }

    @Test
    void findsTheExtranonceSizeOfASubscribeReply() {
        var line =
                "{\"id\":2,\"result\":[[[\"mining.notify\",\"5\"]],\"0a0b0c0d\",8],\"error\":null}"
                        .getBytes(US_ASCII);
        assertThat(Scan.numberAtEndOfList(line, 0, line.length)).isEqualTo(8);
    }

    private static PoolJob job(String line) {
        var bytes = line.getBytes(US_ASCII);
        return Objects.requireNonNull(PoolJob.read(bytes, 0, bytes.length));
    }

    private static byte[] written(SubmitLine line, long number) {
        var out = ByteBuffer.allocate(1_000);
        line.writeTo(out, number);
        var bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
