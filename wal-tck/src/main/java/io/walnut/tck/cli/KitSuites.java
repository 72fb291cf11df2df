package io.walnut.tck.cli;

import io.walnut.api.WalProvider;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.PluginProvider;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.StorageProvider;
import io.walnut.tck.kit.CodecKit;
import io.walnut.tck.kit.Configuration;
import io.walnut.tck.kit.ConfigurationSource;
import io.walnut.tck.kit.Configurations;
import io.walnut.tck.kit.FsyncStrategyKit;
import io.walnut.tck.kit.MeterKit;
import io.walnut.tck.kit.PreallocatorKit;
import io.walnut.tck.kit.StorageKit;
import io.walnut.tck.wal.WalKit;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** Every suite over the configurations of the command line. One run at a time. */
final class KitSuites {
    static final List<Class<?>> ALL = List.of(
            OfLog.class, OfCodec.class, OfFsyncStrategy.class, OfPreallocator.class, OfMeter.class, OfStorage.class);

    private static volatile List<Assembled> assembled = List.of();

    private KitSuites() {}

    static synchronized void over(List<Assembled> configurations, Runnable run) {
        assembled = List.copyOf(configurations);
        try {
            run.run();
        } finally {
            assembled = List.of();
        }
    }

    private static Assembled of(Configuration configuration) {
        return assembled.stream()
                .filter(each -> each.configuration().equals(configuration))
                .findFirst()
                .orElseThrow();
    }

    private static <P extends PluginProvider<?>> P part(Configuration configuration, Class<P> kind, String name) {
        Assembled found = of(configuration);
        return found.part(kind)
                .orElseThrow(() -> new TestAbortedException(
                        found.problem().isEmpty() ? "the configuration has no " + name : found.problem()));
    }

    static final class Given implements ConfigurationSource {
        @Override
        public List<Configuration> configurations(ExtensionContext context) {
            return assembled.stream().map(Assembled::configuration).toList();
        }
    }

    @Configurations(Given.class)
    static final class OfLog extends WalKit {
        @Override
        protected WalProvider provider() {
            return of(configuration()).backend();
        }
    }

    @Configurations(Given.class)
    static final class OfCodec extends CodecKit {
        @Override
        protected CodecProvider provider() {
            return part(configuration(), CodecProvider.class, "codec");
        }
    }

    @Configurations(Given.class)
    static final class OfFsyncStrategy extends FsyncStrategyKit {
        @Override
        protected FsyncStrategyProvider provider() {
            return part(configuration(), FsyncStrategyProvider.class, "fsync strategy");
        }
    }

    @Configurations(Given.class)
    static final class OfPreallocator extends PreallocatorKit {
        @Override
        protected PreallocatorProvider provider() {
            return part(configuration(), PreallocatorProvider.class, "preallocator");
        }
    }

    @Configurations(Given.class)
    static final class OfMeter extends MeterKit {
        @Override
        protected MeterProvider provider() {
            return part(configuration(), MeterProvider.class, "meter");
        }
    }

    @Configurations(Given.class)
    static final class OfStorage extends StorageKit {
        @Override
        protected StorageProvider provider() {
            return part(configuration(), StorageProvider.class, "storage");
        }
    }
}
