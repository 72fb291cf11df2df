package io.walnut.spi;

import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.Settings;

/**
 * Makes one kind of part. Found by {@link java.util.ServiceLoader}, so it needs a public constructor without parameters
 * and stands both in {@code provides} and in {@code META-INF/services}; its class carries {@link jakarta.inject.Named}
 * with the same name as {@link #name()}, by which it is chosen without being instantiated.
 *
 * @param <C> the part; immutable or thread-safe
 */
public interface PluginProvider<C> {
    /** {@return the name by which a configuration chooses it, {@code [a-z0-9-]{1,63}}} */
    String name();

    /** {@return its version, for a person} */
    default String version() {
        String version = getClass().getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** {@return the keys it understands, without their prefix {@code wal.<kind>.<name>.}} */
    default ConfigSpec config() {
        return ConfigSpec.NONE;
    }

    /**
     * Makes the part for one log.
     *
     * @param settings its checked configuration
     * @param context what it may know of the log
     * @return the part; closed with the log if it is {@link AutoCloseable}
     */
    C create(Settings settings, PluginContext context);
}
