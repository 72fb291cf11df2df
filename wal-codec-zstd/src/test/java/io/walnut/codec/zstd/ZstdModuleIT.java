package io.walnut.codec.zstd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.CodecProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The packaged jar as a named module. */
class ZstdModuleIT {
    @Test
    void shouldBeFoundAsANamedModule() {
        Module module = ZstdCodecProvider.class.getModule();
        assertTrue(module.isNamed());
        module.addUses(CodecProvider.class);

        CodecProvider found = ServiceLoader.load(module.getLayer(), CodecProvider.class).stream()
                .filter(provider -> provider.type().equals(ZstdCodecProvider.class))
                .findFirst()
                .orElseThrow()
                .get();

        assertEquals(2, found.id());
        assertEquals(2, new ZstdCodec(3).id());
    }
}
