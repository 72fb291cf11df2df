package example.rle;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** {@code wal.codec=run-length}. */
@Named("run-length")
public final class RunLengthProvider implements CodecProvider {
    @Override
    public String name() {
        return "run-length";
    }

    @Override
    public int id() {
        return RunLengthCodec.ID;
    }

    @Override
    public Codec create(Settings settings, PluginContext context) {
        return new RunLengthCodec();
    }
}
