package io.walnut.tck.crash;

import io.walnut.api.WalConfig;
import io.walnut.engine.EngineProvider;
import io.walnut.spi.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Both writers, all fsync strategies, preallocators and codecs that are shipped. A name is {@code io-preallocator-fsync-codec}. */
final class EngineConfigurations {
    private static final List<String> SPACES =
            List.of("mapped-zero", "channel-zero", "channel-none", "channel-sparse", "channel-native");

    private EngineConfigurations() {}

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String space : SPACES) {
            for (String fsync : List.of("always", "batch", "os")) {
                for (String codec : List.of("none", "lz4", "zstd")) {
                    names.add(space + "-" + fsync + "-" + codec);
                }
            }
        }
        return names;
    }

    /** As the others, with rotation by age, retention, and an archive or none. */
    static List<String> upkeepNames() {
        return List.of(
                "mapped-zero-always-none-retaining",
                "mapped-zero-batch-none-archiving",
                "channel-none-os-none-archiving",
                "channel-zero-always-lz4-archiving");
    }

    static CrashSubject named(String name) {
        String[] parts = name.split("-", -1);
        WalConfig config = WalConfig.builder(Path.of("simulated"))
                .io(parts[0])
                .preallocator(parts[1])
                .fsync(parts[2])
                .codec(parts[3])
                .set("wal.stage.bytes", "16KiB") // so that it goes round in small segments too
                .set("wal.segment.reserve.bytes", parts[3].equals("lz4") ? "4KiB" : "1MiB") // in parts, or at once
                .build();
        if (parts.length == 4) {
            return new ConfiguredSubject(name, new EngineProvider(), config);
        }
        return parts[4].equals("archiving")
                ? archiving(name, config, UnaryOperator.identity())
                : new ConfiguredSubject(name, new EngineProvider(), retaining(config));
    }

    /** An archive that is on something else than the disk. */
    static CrashSubject archiving(UnaryOperator<Storage> archive) {
        WalConfig config = WalConfig.builder(Path.of("simulated"))
                .io("channel")
                .fsync("always")
                .build();
        return archiving("archiving", config, archive);
    }

    private static CrashSubject archiving(String name, WalConfig config, UnaryOperator<Storage> archive) {
        WalConfig archiving =
                retaining(config).toBuilder().set("wal.archiver", "beside").build();
        return new ArchivingSubject(
                new ConfiguredSubject(name, new EngineProvider(), archiving),
                new ConfiguredSubject("archive", new EngineProvider(), config),
                archive);
    }

    private static WalConfig retaining(WalConfig config) {
        return config.toBuilder()
                .set("wal.retention.bytes", "100000")
                .set("wal.segment.age", "1m")
                .build();
    }
}
