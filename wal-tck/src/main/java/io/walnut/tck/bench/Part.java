package io.walnut.tck.bench;

import io.walnut.spi.PluginContext;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** A part of a log, by itself. */
final class Part {
    private Part() {}

    /** {@return the part with a name, or nothing if none of the providers has it} */
    static <C> Optional<C> named(
            String name,
            Iterable<? extends PluginProvider<C>> providers,
            Map<String, String> settings,
            Path directory) {
        for (PluginProvider<C> provider : providers) {
            if (provider.name().equals(name)) {
                return Optional.of(provider.create(
                        Settings.of(provider.config(), settings),
                        new PluginContext(directory, "bench", "", Clock.systemUTC())));
            }
        }
        return Optional.empty();
    }
}
