package io.walnut.tck.crash;

import io.walnut.engine.archive.DirectoryArchiver;
import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.SegmentArchiverProvider;
import io.walnut.spi.Storage;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** Archives beside the log, on the simulated disk that the present thread opened last. */
@Named("beside")
public final class BesideArchiverProvider implements SegmentArchiverProvider {
    static final String PREFIX = "archive-";
    static final ThreadLocal<Storage> DISK = new ThreadLocal<>();

    static Storage archiveOf(Storage disk) {
        return new PrefixedStorage(disk, PREFIX);
    }

    @Override
    public String name() {
        return "beside";
    }

    @Override
    public SegmentArchiver create(Settings settings, PluginContext context) {
        return (segment, content) -> new DirectoryArchiver(archiveOf(DISK.get())).archive(segment, content);
    }
}
