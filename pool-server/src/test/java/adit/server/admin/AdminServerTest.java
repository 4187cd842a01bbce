package adit.server.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import adit.server.config.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AdminServerTest {
    private final AdminFixture admin = new AdminFixture();

    @BeforeEach
    void starts() {
        admin.server.start();
    }

    @AfterEach
    void stops() {
        admin.close();
    }

    @Test
    void answersEveryRouteWithTheSecurityHeaders() {
        for (var route : admin.server.routes()) {
            var headers = admin.get(route.path().replace("{account}", "nobody")).headers();

            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .as(route.path())
                    .startsWith("default-src 'self'");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.map().keySet())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"))
                    .doesNotContain("server");
        }
    }

    @Test
    void takesOnlyReadingMethods() {
        for (var method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW")) {
            var response = admin.send(method, "/api/v1/pool");

            assertThat(response.statusCode()).as(method).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
        }
    }

    @Test
    void answersHeadLikeGetWithoutABody() {
        admin.pool.losesTheJournal();

        assertThat(admin.send("HEAD", "/api/v1/health").statusCode()).isEqualTo(503);
        assertThat(admin.send("HEAD", "/api/v1/miners/x").statusCode()).isEqualTo(400);
        assertThat(admin.send("HEAD", "/").body()).isEmpty();
        assertThat(admin.send("HEAD", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesWhatARouteDoesNotTake() {
        assertThat(admin.json(400, "/api/v1/pool?verbose=1").get("error").asString())
                .isEqualTo("This takes no query parameters.");
        assertThat(admin.json(400, "/api/v1/blocks?page=2").get("error").asString())
                .isEqualTo("The query parameters here are: before, limit.");
    }

    @Test
    void saysOneLineWhereNothingIs() {
        assertThat(admin.json(404, "/api/v1/secrets").get("error").asString())
                .isEqualTo("Nothing is here.");
        assertThat(admin.get("/../../etc/passwd").statusCode()).isBetween(400, 404);
        assertThat(admin.get("/%2e%2e/status.js").body()).doesNotContain("use strict");
    }

    @Test
    void keepsStackTracesToItself() {
        admin.pool.breaks();

        var response = admin.get("/api/v1/health");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"error\":\"A defect of ours; the log has it.\"}");
    }

    @Test
    void servesThePageFromItselfAlone() {
        var page = admin.get("/");

        assertThat(contentType("/")).isEqualTo("text/html;charset=utf-8");
        assertThat(page.body())
                .doesNotContain("<style", " style=", "onclick", "//cdn")
                .doesNotContainPattern("(src|href)=\"https?:")
                .doesNotContainPattern("<script>|<script [^>]*>[^<]");
        assertThat(contentType("/status.js")).isEqualTo("text/javascript;charset=utf-8");
        assertThat(contentType("/status.css")).isEqualTo("text/css;charset=utf-8");
        assertThat(admin.get("/status.js").body())
                .doesNotContain("innerHTML", "insertAdjacentHTML", "eval(", "https://");
    }

    @Test
    void scrapesTheMetersOfThePool() {
        admin.metrics.submissions("accepted").increment(5);

        var response = admin.get("/metrics");

        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/plain; version=0.0.4");
        assertThat(response.body()).contains("adit_submissions_total{verdict=\"accepted\"} 5.0");
    }

    @Test
    void namesThePortThatIsInUse() {
        var second =
                admin.server(
                        admin.server.port(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

        assertThatThrownBy(second::start)
                .isInstanceOf(AdminPortUnavailable.class)
                .hasMessage(
                        "The status page cannot be served on 127.0.0.1:%d: the port is in use."
                                        .formatted(admin.server.port())
                                + " Stop what uses the port, or set another address or port in [http].");
    }

    @Test
    void survivesAHostFieldThatIsNoName() throws IOException {
        var answer =
                admin.raw(
                        "GET /api/v1/pool HTTP/1.1\r\nHost: evil\"><script>\r\nConnection: close\r\n\r\n");

        assertThat(answer).doesNotContain("<script>");
    }

    @Test
    void refusesABodyThatIsTooLong() throws IOException {
        var answer =
                admin.raw(
                        "POST /api/v1/pool HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @Test
    void letsIdleConnectionsGoWhereOthersWait() throws IOException {
        var idle = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2 * Limits.WEB_CONNECTIONS; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), admin.server.port());
                socket.setSoTimeout(15_000);
                idle.add(socket);
            }

            assertThat(admin.get("/api/v1/pool").statusCode()).isEqualTo(200);
            assertThat(idle.getFirst().getInputStream().read()).isEqualTo(-1);
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }

    private String contentType(String path) {
        return admin.get(path).headers().firstValue("Content-Type").orElse("").replace(" ", "");
    }
}
