package adit.server.admin;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Everything that can be asked, in one table. `docs/admin/api.md` lists the same.
final class Routes {
    private Routes() {}

    static List<Route> of(
            PoolAnswers pool,
            MinerAnswers miners,
            BlockAnswers blocks,
            HealthAnswers health,
            Supplier<String> metrics) {
        return List.of(
                new Route("/api/v1/pool", pool::pool),
                new Route("/api/v1/miners/{account}", miners::miner),
                new Route("/api/v1/blocks", Set.of("limit", "before"), blocks::blocks),
                new Route("/api/v1/health", health::health),
                new Route(
                        "/metrics",
                        _ ->
                                Answer.text(
                                        "text/plain; version=0.0.4; charset=utf-8", metrics.get())),
                page("/", "index.html", "text/html; charset=utf-8"),
                page("/status.css", "status.css", "text/css; charset=utf-8"),
                page("/status.js", "status.js", "text/javascript; charset=utf-8"),
                page("/icon.svg", "icon.svg", "image/svg+xml"));
    }

    private static Route page(String path, String file, String contentType) {
        var answer = new Answer(200, contentType, PageFile.read(file));
        return new Route(path, _ -> answer);
    }
}
