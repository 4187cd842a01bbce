package adit.server;

import java.time.Duration;

import adit.node.NodeSettings;
import adit.node.NodeTimings;
import adit.node.RpcCredentials;
import adit.server.config.PoolConfig;

/// What the configuration says of nodes, in the words of `adit.node`.
final class ConfiguredNodes {
    private ConfiguredNodes() {}

    static NodeTimings timings(PoolConfig.Jobs jobs) {
        var t = NodeTimings.standard();
        return new NodeTimings(
                t.callDeadline(),
                t.submitDeadline(),
                t.longPollDeadline(),
                t.healthInterval(),
                Duration.ofSeconds(jobs.refreshSeconds()),
                Duration.ofMinutes(jobs.staleTipMinutes()),
                t.comeBack());
    }

    static NodeSettings nodeSettings(PoolConfig.Node node) {
        RpcCredentials credentials =
                switch (node.login()) {
                    case PoolConfig.NodeLogin.CookieFile(var path) ->
                            new RpcCredentials.CookieFile(path);
                    case PoolConfig.NodeLogin.UserPassword(var user, var password) ->
                            new RpcCredentials.Password(user, password.text());
                };
        return new NodeSettings(node.name(), node.url(), credentials, node.zmqHashBlock());
    }
}
