package io.walnut.spi;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalProvider;
import io.walnut.spi.config.ConfigSpec;
import java.util.List;

/** A backend that can tell what it is made of and check a configuration without opening a log; tools use it. */
public interface BackendProvider extends WalProvider {
    /**
     * Checks a configuration as opening does, but touches no log.
     *
     * @param config what to check
     * @throws WalConfigException with everything that is wrong
     */
    void check(WalConfig config);

    /**
     * What there is: the backend itself first, then every plugin that is found, by kind and name.
     *
     * @param config says where to look for plugins
     * @return the parts; those that cannot be used tell why in their {@code problem}
     */
    List<Part> parts(WalConfig config);

    /**
     * Assembles a log for tests that bring the disk; {@code wal.storage} is checked, but not used.
     *
     * @param config how the log is made
     * @return opens it
     * @throws WalConfigException with everything that is wrong
     * @throws UnsupportedOperationException if this backend does not do all of its I/O through a {@link Storage}
     */
    default LogOpener opener(WalConfig config) {
        throw new UnsupportedOperationException("the backend '" + name() + "' does not run on a Storage");
    }

    /**
     * Finds the parts that a configuration names, without making them.
     *
     * @param config what to look for
     * @return the providers, none for a part that the backend does without
     * @throws WalConfigException with everything that is wrong
     */
    List<PluginProvider<?>> chosen(WalConfig config);

    /**
     * Something that can be configured.
     *
     * @param kind {@code backend}, {@code storage}, {@code fsync}, {@code preallocator}, {@code codec}, {@code meter}
     * @param name by which it is chosen
     * @param prefix what stands before the names of its keys; empty for a backend
     * @param version its version
     * @param origin where it comes from
     * @param config its keys
     * @param problem why it cannot be used; empty if it can
     */
    record Part(
            String kind,
            String name,
            String prefix,
            String version,
            String origin,
            ConfigSpec config,
            String problem) {}
}
