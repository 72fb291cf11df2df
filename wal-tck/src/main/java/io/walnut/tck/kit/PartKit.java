package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.PluginContext;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the kits for parts have in common: parts are made anew for each rule, with the defaults of their configuration and
 * what the kit's configuration says for them.
 *
 * @param <P> the provider
 * @param <C> the part
 */
public abstract class PartKit<P extends PluginProvider<C>, C> extends Kit {
    private final List<C> made = new ArrayList<>();
    private PluginContext context;

    /** For the kits of this package. */
    PartKit() {}

    /** {@return the provider of the part, a new one or the same one each time} */
    protected abstract P provider();

    /** {@return by which service the provider is found} */
    abstract Class<? super P> service();

    /** {@return what stands before the names of the part's keys, without the part's own name} */
    abstract String kind();

    @BeforeEach
    final void prepare(@TempDir Path directory) {
        context = new PluginContext(directory, "kit", "", Clock.systemUTC());
    }

    @AfterEach
    final void closeTheParts() throws Exception {
        for (C each : made) {
            if (each instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    final PluginContext context() {
        return context;
    }

    final C make() {
        return make(context);
    }

    final C make(PluginContext where) {
        P provider = provider();
        Settings settings = provider.config()
                .resolve(
                        "wal." + kind() + "." + provider.name() + ".",
                        configuration().values(),
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
        C part = provider.create(settings, where);
        assertNotNull(part, "the provider made nothing");
        made.add(part);
        return part;
    }

    final void checkName() {
        String name = provider().name();
        assertTrue(name.matches("[a-z0-9-]{1,63}"), () -> "the name '" + name + "' is not [a-z0-9-]{1,63}");
        Named named = provider().getClass().getAnnotation(Named.class);
        assertNotNull(named, "the provider's class is not annotated with @Named");
        assertEquals(name, named.value(), "@Named and name() differ");
        assertTrue(!provider().version().isBlank(), "version() is blank");
    }

    final void checkService() {
        Class<?> type = provider().getClass();
        Module module = type.getModule();
        ServiceLoader<? super P> services = module.isNamed()
                ? ServiceLoader.load(module.getLayer(), service())
                : ServiceLoader.load(service(), type.getClassLoader());
        assertEquals(
                1,
                services.stream().filter(found -> found.type().equals(type)).count(),
                () -> "how often ServiceLoader finds " + type.getName());
    }

    final void checkDefaults() {
        for (ConfigKey<?> key : provider().config().keys()) {
            assertNotNull(key.defaultValue(), () -> key.name() + " has no default");
            assertTrue(!key.doc().isBlank(), () -> key.name() + " is not documented");
            Settings written = Settings.of(provider().config(), Map.of(key.name(), key.defaultText()));
            assertEquals(key.defaultValue(), written.get(key), () -> key.name() + " reads its default differently");
        }
    }
}
