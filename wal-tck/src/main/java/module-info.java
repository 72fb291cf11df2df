/** The conformance kit: what an implementer of a part extends to learn whether it keeps its contract. */
module io.walnut.tck {
    requires transitive io.walnut.api;
    requires transitive io.walnut.spi;
    requires transitive org.junit.jupiter.api;
    requires java.management;
    requires jdk.jfr;
    requires static java.logging;
    requires jdk.management;
    requires static org.jspecify;

    exports io.walnut.tck.crash;
    exports io.walnut.tck.disk;
    exports io.walnut.tck.kit;
    exports io.walnut.tck.wal;

    opens io.walnut.tck.crash to
            org.junit.platform.commons;
    opens io.walnut.tck.kit to
            org.junit.platform.commons;
    opens io.walnut.tck.wal to
            org.junit.platform.commons;

    uses io.walnut.api.WalProvider;
    uses io.walnut.spi.CodecProvider;
    uses io.walnut.spi.FsyncStrategyProvider;
    uses io.walnut.spi.MeterProvider;
    uses io.walnut.spi.PreallocatorProvider;
    uses io.walnut.spi.StorageProvider;
}
