package adit.miner;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.stratum.v1.V1Encoder;
import adit.stratum.v1.V1Error;
import adit.stratum.v1.V1Request;
import adit.stratum.v1.V1ServerMessage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ScriptedV1ClientTest {
    private FakePool pool;
    private ScriptedV1Client client;
    private FakePool.Connection connection;

    @BeforeEach
    void connect() throws Exception {
        pool = FakePool.open(0);
        client = client(Duration.ofSeconds(10));
        connection = pool.accept();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        connection.close();
        pool.close();
    }

    @Test
    void findsRepliesByIdWhateverTheirOrder() {
        long subscribe = client.subscribe("script/1", "");
        long authorize = client.authorize("addr", "x");
        var first = connection.asked(V1Request.Subscribe.class);
        var second = connection.asked(V1Request.Authorize.class);
        connection.refuse(second, V1Error.UNAUTHORIZED);
        connection.grant(first, "sid");

        var granted = (V1ServerMessage.Result.Subscribed) client.reply(subscribe).result();

        assertThat(granted.sessionId()).isEqualTo("sid");
        assertThat(granted.extranoncePrefix()).isEqualTo(FakePool.PREFIX);
        assertThat(client.reply(authorize).errorCode()).isEqualTo(24);
    }

    @Test
    void keepsNotificationsForLater() {
        long subscribe = client.subscribe("script/1", "");
        connection.work(1_024, Jobs.job(1, true));
        connection.grant(connection.asked(V1Request.Subscribe.class), "sid");
        client.reply(subscribe);

        assertThat(client.hasKept()).isTrue();
        assertThat(client.next(V1ServerMessage.Notify.class).job()).isEqualTo(Jobs.job(1, true));
        assertThat(client.nextLine().text()).contains("mining.set_difficulty");
        assertThat(client.hasKept()).isFalse();
    }

    @Test
    void sendsSharesThatAreValid() {
        var job = Jobs.job(1, true);
        var finder =
                new ShareFinder(
                        FakePool.PREFIX, FakePool.EXTRANONCE_BYTES, V1Session.VERSION_MASK, 2_048);
        long submit = client.submit("addr", finder.find(job, 1));
        var submitted = connection.accepted();

        assertThat(Jobs.meets(job, FakePool.PREFIX, submitted, 2_048)).isTrue();
        assertThat(client.reply(submit).isTrue()).isTrue();

        client.submitWithoutVersion("addr", finder.find(job, 2));
        assertThat(connection.accepted().hasVersionBits()).isFalse();
    }

    @Test
    void sendsWhatItIsTold() {
        client.sendRaw("{\"id\":1,\"method\":\"mining.".getBytes(US_ASCII));
        client.send("ping\",\"params\":[]}");

        assertThat(connection.asked(V1Request.Ping.class).id()).asString().isEqualTo("1");
    }

    @Test
    void saysWhatCameInsteadWhenTheTimeIsOver() throws Exception {
        try (var hasty = client(Duration.ofSeconds(2));
                var other = pool.accept()) {
            other.send(out -> V1Encoder.showMessage(out, "busy"));

            assertThatThrownBy(() -> hasty.reply(1))
                    .isInstanceOf(ScriptBroken.class)
                    .hasMessageContaining("a reply to request 1")
                    .hasMessageContaining("busy");
        }
    }

    @Test
    void noticesThatThePoolIsGone() throws Exception {
        connection.close();

        client.awaitEnd();

        assertThatThrownBy(() -> client.nextLine())
                .isInstanceOf(ScriptBroken.class)
                .hasMessageContaining("closed the connection");
    }

    @Test
    void refusesMalformedLines() {
        connection.send(out -> out.writeBytes("what?\n".getBytes(US_ASCII)));

        assertThatThrownBy(() -> client.nextLine())
                .isInstanceOf(ScriptBroken.class)
                .hasMessageContaining("what?");
    }

    private ScriptedV1Client client(Duration deadline) {
        return ScriptedV1Client.connect(pool.address(), deadline, System::nanoTime);
    }
}
