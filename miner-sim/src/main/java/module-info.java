import org.jspecify.annotations.NullMarked;

/// Miners that really hash.
@NullMarked
module adit.miner {
    requires static org.jspecify;
    requires transitive adit.pow;
    requires transitive adit.stratum;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.handler;
    requires io.netty.common;
    requires org.slf4j;

    exports adit.miner;
    exports adit.miner.swarm;
}
