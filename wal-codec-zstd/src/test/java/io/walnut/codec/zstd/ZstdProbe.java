package io.walnut.codec.zstd;

import com.github.luben.zstd.util.Native;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;

/** A process of its own that describes the codec, then makes one. */
final class ZstdProbe {
    private ZstdProbe() {}

    public static void main(String[] args) {
        ZstdCodecProvider provider = new ZstdCodecProvider();
        Settings settings = Settings.defaultsOf(provider.config());
        System.out.print("described " + (Native.isLoaded() ? "by" : "without") + " loading, ");
        try {
            provider.create(settings, new PluginContext(Path.of("unused"), "test", "", Clock.systemUTC()));
            System.out.println("created");
        } catch (IllegalStateException e) {
            System.out.println("refused: " + e.getMessage().split(":", 2)[0]);
        }
    }
}
