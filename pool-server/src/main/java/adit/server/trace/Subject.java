package adit.server.trace;

import java.net.InetAddress;
import java.util.List;

/// Whose lines a trace holds.
public sealed interface Subject {

    /// A worker, by `account.worker` or by the account alone; with what its connection said before its first login.
    record Worker(String name) implements Subject {
        @Override
        public String toString() {
            return "worker " + name;
        }
    }

    /// One connection, by its number.
    record Connection(long number) implements Subject {
        @Override
        public String toString() {
            return "connection " + number;
        }
    }

    /// All connections from an address.
    record Address(InetAddress address) implements Subject {
        @Override
        public String toString() {
            return "address " + address.getHostAddress();
        }
    }

    /// What is known of a connection.
    ///
    /// @param names each worker's account, and `account.worker`
    record Peer(long connection, InetAddress address, List<String> names) {}

    default boolean is(Peer peer) {
        return switch (this) {
            case Worker(var name) -> peer.names().contains(name);
            case Connection(long number) -> peer.connection() == number;
            case Address(var address) -> peer.address().equals(address);
        };
    }
}
