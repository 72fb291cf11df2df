package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final String PAGE = "docs/configuration.md";

    @Test
    void shouldBeWhatTheDeclarationsGenerate() throws IOException {
        Path page = Checkout.rootWith(PAGE).resolve(PAGE);
        assertEquals(
                new ConfigReference(shipped()).markdown(),
                Files.readString(page),
                "docs/configuration.md is stale: java -jar wal-tck/target/wal-tck-*-all.jar config --markdown > "
                        + PAGE);
    }

    @Test
    void shouldExplainEveryKeyOfEveryPart() {
        List<Part> parts = shipped();
        String page = new ConfigReference(parts).markdown();
        for (Part part : parts) {
            part.config().keys().forEach(key -> {
                assertTrue(page.contains("| `" + part.prefix() + key.name() + "` |"), key.name());
                assertTrue(key.doc().endsWith("."), () -> "a sentence for " + key.name());
            });
        }
    }

    private static List<Part> shipped() {
        WalConfig config = WalConfig.from(Map.of());
        return Backend.of(config).parts(config).stream()
                .filter(part -> !part.origin().endsWith("/test-classes/"))
                .toList();
    }
}
