package io.walnut.recipes;

import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.SegmentArchiverProvider;
import io.walnut.spi.config.ConfigKey;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.ConfigType;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.net.URI;

/** The archiver {@code object-store}, as a configuration chooses it. */
@Named("object-store")
public final class ObjectStoreArchiverProvider implements SegmentArchiverProvider {
    private static final ConfigKey<String> BUCKET = ConfigKey.of(
            "bucket", ConfigType.STRING, "Where the objects go: a URI for this log alone, with a slash at its end.");

    @Override
    public String name() {
        return "object-store";
    }

    @Override
    public ConfigSpec config() {
        return ConfigSpec.of(BUCKET);
    }

    @Override
    public SegmentArchiver create(Settings settings, PluginContext context) {
        String bucket = settings.get(BUCKET);
        if (!bucket.endsWith("/")) {
            throw new IllegalArgumentException("'" + bucket + "' does not end with a slash");
        }
        return new ObjectStoreArchiver(URI.create(bucket));
    }
}
