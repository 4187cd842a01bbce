package adit.server.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.jspecify.annotations.Nullable;

import adit.ledger.postgres.BlockState;
import adit.server.config.Limits;
import adit.server.config.PoolConfig;
import adit.server.metrics.EventLog;

/// The web side of the pool: the status page, the API and the metrics, all of it read-only.
///
/// It asks the running pool through [PoolView] and the books through a [DataSource], and answers what it can when
/// the database is away. Give it a data source of its own, small and quick to give up, so that readers never take a
/// connection from those who write.
///
/// **Owner:** whoever starts and closes it, or the conversation by which another process takes the port.
/// **Limits:** [Limits#WEB_CONNECTIONS].
public final class AdminServer implements AutoCloseable {

    private static final long MAX_REQUEST_BYTES = 1024;
    private static final long IDLE_MILLIS = 30_000;
    private static final long IDLE_MILLIS_IN_A_CROWD = 1_000;
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);
    private static final String CONTENT_SECURITY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final PoolConfig.Http http;
    private final EventLog events;
    private final StatusBoard board;
    private final List<Route> routes;
    private volatile @Nullable Javalin javalin;

    public AdminServer(
            PoolConfig.Http http,
            PoolFacts facts,
            PoolView view,
            AdminSources sources,
            EventLog events,
            InstantSource clock) {
        this.http = http;
        this.events = events;
        var ledger = new LedgerReads(sources.database());
        board = new StatusBoard(facts, view, ledger, events, clock);
        routes =
                Routes.of(
                        new PoolAnswers(facts, board),
                        new MinerAnswers(facts.network(), ledger, sources.firmware(), clock),
                        new BlockAnswers(ledger),
                        new HealthAnswers(view, board),
                        sources.registry()::scrape);
    }

    /// Takes a first look at the pool and begins to serve. May be tried again.
    ///
    /// @throws AdminPortUnavailable with one line for the operator
    public void start() {
        board.start();
        listen();
    }

    /// Serves, where it does not yet or not any more.
    ///
    /// @throws AdminPortUnavailable with one line for the operator
    public void listen() {
        if (javalin != null) {
            return;
        }
        var opened = Javalin.create(this::configure);
        // What it would log of a failure is told by the exception.
        JavalinLogger.enabled = false;
        try {
            opened.start(http.address(), http.port());
            javalin = opened;
        } catch (JavalinBindException e) {
            throw new AdminPortUnavailable(http.address(), http.port(), e);
        } finally {
            JavalinLogger.enabled = true;
        }
        events.webListening(http.address(), port());
    }

    /// The port in use, also where the configuration left the choice to the system.
    public int port() {
        var open = javalin;
        return open == null ? http.port() : open.port();
    }

    /// Blocks of the whole pool in this state, as last seen; NaN where the database was never reached.
    public double blocksIn(BlockState state) {
        return board.blocksIn(state.name());
    }

    /// Gives the port up to another process.
    public void stopListening() {
        var open = javalin;
        javalin = null;
        if (open != null) {
            open.stop();
        }
    }

    @Override
    public void close() {
        stopListening();
        board.close();
    }

    /// Looks at the pool now instead of at the next turn.
    void lookNow() {
        board.lookNow();
    }

    List<Route> routes() {
        return routes;
    }

    private void configure(JavalinConfig config) {
        config.concurrency.useVirtualThreads = true;
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MAX_REQUEST_BYTES;
        config.jetty.modifyHttpConfiguration(jetty -> {
            jetty.setSendServerVersion(false);
            jetty.setIdleTimeout(IDLE_MILLIS);
        });
        config.jetty.modifyServer(jetty -> {
            var limit = new NetworkConnectionLimit(Limits.WEB_CONNECTIONS, jetty);
            limit.setEndPointIdleTimeout(IDLE_MILLIS_IN_A_CROWD);
            jetty.addBean(limit);
        });
        config.routes.before(this::guard);
        for (var route : routes) {
            config.routes.get(route.path(), context -> answer(route, context));
            config.routes.head(route.path(), context -> answer(route, context));
        }
        config.routes.exception(
                HttpResponseException.class,
                (e, context) ->
                        send(
                                context,
                                e.getStatus() == 404
                                        ? Answer.refused(404, "Nothing is here.")
                                        : Answer.refused(
                                                e.getStatus(), "This cannot be answered.")));
        config.routes.exception(
                Exception.class,
                (e, context) -> {
                    events.bug("the web side", e);
                    send(context, Answer.refused(500, "A defect of ours; the log has it."));
                });
    }

    private void guard(Context context) {
        context.header("Content-Security-Policy", CONTENT_SECURITY);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cache-Control", "no-store");
        if (!READING.contains(context.method())) {
            context.header("Allow", "GET, HEAD");
            send(context, Answer.refused(405, "Everything here is only to be read: GET or HEAD."));
            context.skipRemainingHandlers();
        }
    }

    private static void answer(Route route, Context context) {
        if (!route.parameters().containsAll(context.queryParamMap().keySet())) {
            send(context, Answer.refused(400, allowed(route)));
            return;
        }
        var query =
                context.queryParamMap().entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey(), e -> e.getValue().getFirst()));
        var request = new Route.Request(HostName.of(context.host()), context.pathParamMap(), query);
        try {
            send(context, route.handler().answer(request));
        } catch (DatabaseAway away) {
            send(context, Answer.refused(503, String.valueOf(away.getMessage())));
        }
    }

    private static String allowed(Route route) {
        return route.parameters().isEmpty()
                ? "This takes no query parameters."
                : "The query parameters here are: "
                        + route.parameters().stream().sorted().collect(Collectors.joining(", "))
                        + ".";
    }

    private static void send(Context context, Answer answer) {
        context.status(answer.status()).contentType(answer.contentType()).result(answer.body());
    }
}
