package adit.node;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/// One Bitcoin node as an operator configures it.
///
/// `rpc` is `http://host:port/` (`https` where a proxy adds TLS); `zmqHashBlock` is `tcp://host:port` of the node's
/// `zmqpubhashblock`, absent where there is none.
public record NodeSettings(
        String name, URI rpc, RpcCredentials credentials, @Nullable URI zmqHashBlock) {
    public NodeSettings {
        if (!"http".equals(rpc.getScheme()) && !"https".equals(rpc.getScheme())) {
            throw new IllegalArgumentException(
                    "the RPC address of node " + name + " must begin with http://");
        }
        if (rpc.getHost() == null || rpc.getPort() < 0) {
            throw new IllegalArgumentException(
                    "the RPC address of node " + name + " must name a host and a port");
        }
        if (rpc.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the RPC address of node "
                            + name
                            + " must not hold the password: use the credentials");
        }
        if (zmqHashBlock != null && !"tcp".equals(zmqHashBlock.getScheme())) {
            throw new IllegalArgumentException(
                    "the ZMQ address of node " + name + " must begin with tcp://");
        }
    }
}
