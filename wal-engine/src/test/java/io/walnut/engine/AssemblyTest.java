package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Provides;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.engine.fsync.AlwaysProvider;
import io.walnut.engine.meter.NoneMeterProvider;
import io.walnut.engine.preallocate.ZeroPreallocatorProvider;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The same engine by the builder, by Guice and by Spring. */
class AssemblyTest {
    @TempDir
    static Path directory;

    private static <C> C make(PluginProvider<C> provider, EngineOptions options) {
        return provider.create(Settings.defaultsOf(provider.config()), options.context());
    }

    @Test
    void aBuilderRefusesTheKeysOfPartsWhichItIsGivenAsObjects() {
        EngineBuilder builder = Engine.builder(directory)
                .set("wal.fsync", "os")
                .set("wal.codec.zstd.level", "3")
                .set("wal.segment.bytes", "4MiB");
        WalConfigException refused = assertThrows(WalConfigException.class, builder::build);
        assertEquals(2, refused.problems().size());
        assertTrue(refused.problems().get(0).startsWith("wal.codec.zstd.level: "), refused::getMessage);
        assertTrue(refused.problems().get(1).startsWith("wal.fsync: "), refused::getMessage);
    }

    private static void appends(Engine engine) {
        try (Wal wal = engine.open()) {
            wal.append(put("a", "1"));
            assertEquals(wal.end(), wal.durableEnd());
        }
        try (Wal wal = engine.open()) {
            assertEquals(1, wal.recovery().records());
        }
    }

    @Test
    void byTheBuilder() {
        appends(Engine.builder(directory.resolve("builder"))
                .fsync((pending, own) -> FsyncStrategy.NOW)
                .set("wal.segment.bytes", "1MiB")
                .build());
    }

    static final class GuiceModule extends AbstractModule {
        @Provides
        EngineOptions options() {
            return EngineOptions.of(
                    WalConfig.builder(directory.resolve("guice")).build());
        }

        @Provides
        Storage storage() {
            return new FileStorage(directory.resolve("guice"));
        }

        @Provides
        Codecs codecs() {
            return Codecs.none();
        }

        @Provides
        Preallocator preallocator(EngineOptions options) {
            return make(new ZeroPreallocatorProvider(), options);
        }

        @Provides
        FsyncStrategy fsync(EngineOptions options) {
            return make(new AlwaysProvider(), options);
        }

        @Provides
        Meter meter(EngineOptions options) {
            return make(new NoneMeterProvider(), options);
        }
    }

    @Test
    void byGuice() {
        appends(Guice.createInjector(new GuiceModule()).getInstance(Engine.class));
    }

    @Test
    void bySpring() {
        try (AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext()) {
            EngineOptions options = EngineOptions.of(
                    WalConfig.builder(directory.resolve("spring")).build());
            spring.registerBean(EngineOptions.class, () -> options);
            spring.registerBean(Storage.class, () -> new FileStorage(directory.resolve("spring")));
            spring.registerBean(Codecs.class, Codecs::none);
            spring.registerBean(Preallocator.class, () -> make(new ZeroPreallocatorProvider(), options));
            spring.registerBean(FsyncStrategy.class, () -> make(new AlwaysProvider(), options));
            spring.registerBean(Meter.class, () -> make(new NoneMeterProvider(), options));
            spring.register(Engine.class);
            spring.refresh();
            appends(spring.getBean(Engine.class));
        }
    }
}
