import org.jspecify.annotations.NullMarked;

/// Bytes to records and back for the Stratum protocols.
@NullMarked
module adit.stratum {
    requires static org.jspecify;
    requires transitive io.netty.buffer;
    requires tools.jackson.core;

    exports adit.stratum;
    exports adit.stratum.v1;
}
