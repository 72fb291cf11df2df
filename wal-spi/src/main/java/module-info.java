/**
 * What a plugin author implements: codecs, preallocators, fsync strategies, meters and storage, each found by {@link
 * java.util.ServiceLoader} through its provider, and the typed declaration of their configuration.
 */
module io.walnut.spi {
    requires transitive io.walnut.api;
    requires transitive jakarta.inject;
    requires static org.jspecify;

    exports io.walnut.spi;
    exports io.walnut.spi.config;
}
