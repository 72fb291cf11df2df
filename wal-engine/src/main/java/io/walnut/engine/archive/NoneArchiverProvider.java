package io.walnut.engine.archive;

import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.SegmentArchiverProvider;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** The archiver {@code none}: keeps no copies. */
@Named("none")
public final class NoneArchiverProvider implements SegmentArchiverProvider {
    /** For the service loader. */
    public NoneArchiverProvider() {}

    @Override
    public String name() {
        return "none";
    }

    @Override
    public SegmentArchiver create(Settings settings, PluginContext context) {
        return SegmentArchiver.NONE;
    }
}
