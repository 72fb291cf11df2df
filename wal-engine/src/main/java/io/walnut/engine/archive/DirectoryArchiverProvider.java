package io.walnut.engine.archive;

import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.SegmentArchiverProvider;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The archiver {@code directory}: copies segments to another directory. */
@Named("directory")
public final class DirectoryArchiverProvider implements SegmentArchiverProvider {
    private static final ConfigKey<Path> PATH = ConfigKey.of(
            "path",
            ConfigType.PATH,
            "Where the copies go: a directory for this log alone, best on another device. Created if it is not there.");

    /** For the service loader. */
    public DirectoryArchiverProvider() {}

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(PATH);
    }

    @Override
    public SegmentArchiver create(Settings settings, PluginContext context) {
        Path target = settings.get(PATH).toAbsolutePath();
        try {
            checkApart(target, context.directory());
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        SegmentArchiver archiver = new DirectoryArchiver(new FileStorage(target));
        return (segment, content) -> {
            checkApart(target, context.directory()); // links and mounts come and go
            archiver.archive(segment, content);
        };
    }

    /** A segment that is its own copy would be deleted with the log's. */
    private static void checkApart(Path target, Path log) throws IOException {
        if (target.equals(log.toAbsolutePath())
                || Files.exists(target) && Files.exists(log) && Files.isSameFile(target, log)) {
            throw new IOException("the log itself is in " + target + "; copies need another directory");
        }
    }
}
