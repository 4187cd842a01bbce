import org.jspecify.annotations.NullMarked;

/// Miners that really hash.
@NullMarked
module adit.miner {
    requires static org.jspecify;
    requires adit.pow;
    requires adit.stratum;
    requires io.netty.transport;
    requires io.netty.handler;
    requires io.netty.common;
    requires org.slf4j;

    exports adit.miner;
}
