/** The conformance kit: what an implementer of a part extends to learn whether it keeps its contract. */
module io.walnut.tck {
    requires transitive io.walnut.api;
    requires transitive io.walnut.spi;
    requires transitive org.junit.jupiter.api;
    requires static java.logging;
    requires static jdk.management;
    requires static org.jspecify;

    exports io.walnut.tck.crash;
    exports io.walnut.tck.disk;
    exports io.walnut.tck.kit;

    opens io.walnut.tck.crash to
            org.junit.platform.commons;
    opens io.walnut.tck.kit to
            org.junit.platform.commons;

    uses io.walnut.spi.CodecProvider;
}
