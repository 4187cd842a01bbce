import org.jspecify.annotations.NullMarked;

/// Templates in, blocks out.
@NullMarked
module adit.node {
    requires static transitive org.jspecify;
    requires transitive adit.pow;
    requires jdk.httpserver;
    requires jdk.net;
    requires tools.jackson.databind;
    requires org.zeromq.jeromq;
    requires org.bitcoinj.core;
    requires org.slf4j;

    exports adit.node;
    exports adit.node.embedded;
}
