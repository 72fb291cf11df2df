package example.rle.test;

import example.rle.RunLengthProvider;
import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.util.function.Supplier;

/** The provider, but of other codecs. */
@Named("run-length")
record Broken(Supplier<Codec> codecs) implements CodecProvider {
    @Override
    public String name() {
        return "run-length";
    }

    @Override
    public int id() {
        return new RunLengthProvider().id();
    }

    @Override
    public Codec create(Settings settings, PluginContext context) {
        return codecs.get();
    }
}
