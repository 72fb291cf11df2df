package io.walnut.codec.lz4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4CodecProviderTest {
    private final Lz4CodecProvider provider = new Lz4CodecProvider();

    @Test
    void shouldBeProvidedAlikeByTheModuleAndOnTheClassPath() throws IOException {
        assertEquals(List.of(Lz4CodecProvider.class.getName()), providedByTheModule());
        assertEquals(providedByTheModule(), providedOnTheClassPath());
    }

    @Test
    void shouldBeFoundByItsName() {
        assertEquals("lz4", Lz4CodecProvider.class.getAnnotation(Named.class).value());
        assertEquals("lz4", provider.name());
        assertEquals(
                1,
                ServiceLoader.load(CodecProvider.class).stream()
                        .filter(found -> found.type().equals(Lz4CodecProvider.class))
                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "9", "17"})
    void shouldMakeACodecOfEveryLevel(String level) {
        assertInstanceOf(Lz4Codec.class, create(Map.of("level", level)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "18", "high", ""})
    void shouldRefuseALevelThatLz4DoesNotHave(String level) {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> create(Map.of("level", level)));
        assertTrue(refused.getMessage().startsWith("level: "), refused.getMessage());
    }

    @Test
    void shouldBeFastUnlessToldOtherwise() {
        assertEquals("0", provider.config().keys().get(0).defaultText());
    }

    private Codec create(Map<String, String> given) {
        return provider.create(
                Settings.of(provider.config(), given),
                new PluginContext(Path.of("unused"), "test", "", Clock.systemUTC()));
    }

    private static List<String> providedByTheModule() throws IOException {
        try (InputStream in = resource("/module-info.class")) {
            return ModuleDescriptor.read(in).provides().stream()
                    .filter(provides -> provides.service().equals(CodecProvider.class.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
        }
    }

    private static List<String> providedOnTheClassPath() throws IOException {
        try (InputStream in = resource("/META-INF/services/" + CodecProvider.class.getName())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Of this module's own output: other modules on the class path have resources of the same names. */
    private static InputStream resource(String name) throws IOException {
        String location = Lz4CodecProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        return URI.create(location + name.substring(1)).toURL().openStream();
    }
}
