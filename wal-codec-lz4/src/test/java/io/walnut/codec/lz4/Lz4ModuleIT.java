package io.walnut.codec.lz4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.CodecProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The packaged jar as a named module. */
class Lz4ModuleIT {
    @Test
    void shouldBeFoundAndNativeAsANamedModule() {
        Module module = Lz4CodecProvider.class.getModule();
        assertTrue(module.isNamed());
        module.addUses(CodecProvider.class);

        CodecProvider found = ServiceLoader.load(module.getLayer(), CodecProvider.class).stream()
                .filter(provider -> provider.type().equals(Lz4CodecProvider.class))
                .findFirst()
                .orElseThrow()
                .get();

        assertEquals(1, found.id());
        assertTrue(new Lz4Codec(0).isNative());
    }
}
