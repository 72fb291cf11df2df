package io.walnut.tck.kit;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;

/** A codec from outside. */
@Named("deflate")
public final class DeflateCodecProvider implements CodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public DeflateCodecProvider() {}

    @Override
    public String name() {
        return "deflate";
    }

    @Override
    public int id() {
        return DeflateCodec.ID;
    }

    @Override
    public Codec create(Settings settings, PluginContext context) {
        return new DeflateCodec();
    }
}
