package io.walnut.spi;

import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.Settings;
import java.lang.module.ModuleDescriptor;
import java.util.Optional;

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
        return versionOf(getClass());
    }

    /**
     * The version of the module or jar that a class comes from.
     *
     * @param type a class
     * @return its version, {@code unknown} if it does not tell
     */
    static String versionOf(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version != null
                ? version
                : Optional.ofNullable(type.getModule().getDescriptor())
                        .flatMap(ModuleDescriptor::rawVersion)
                        .orElse("unknown");
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
     * @return the part
     * @throws RuntimeException if it cannot be made here; the message is shown to the user with the key that chose it
     */
    C create(Settings settings, PluginContext context);
}
