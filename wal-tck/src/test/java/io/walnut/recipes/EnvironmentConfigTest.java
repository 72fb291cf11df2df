package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentConfigTest {
    @TempDir(factory = FastDirectory.class)
    Path temp;

    @Test
    void shouldTakeTheFileAndLetTheEnvironmentWin() throws IOException {
        Path file = Files.writeString(temp.resolve("walnut.properties"), """
                wal.dir = %s
                wal.fsync = always
                wal.segment.bytes = 1MiB
                """.formatted(temp.resolve("log")));
        Map<String, String> environment =
                Map.of("WALNUT_SEGMENT_BYTES", "64KiB", "WALNUT_NODE_ID", "node-7", "PATH", "/bin");
        WalConfig config = EnvironmentConfig.load(file, environment);
        assertEquals(
                Map.of(
                        "wal.dir", temp.resolve("log").toString(),
                        "wal.fsync", "always",
                        "wal.segment.bytes", "64KiB",
                        "wal.node.id", "node-7"),
                config.toMap());
        try (Wal wal = Wal.open(config)) {
            while (wal.segments().size() < 2) {
                wal.append(new byte[1], new byte[1_000]);
            }
            assertTrue(wal.segments().get(0).bytes() <= 64 << 10, "it is meant");
        }
    }

    @Test
    void shouldNeedNoFile() throws IOException {
        WalConfig config = EnvironmentConfig.load(
                temp.resolve("none"), Map.of("WALNUT_DIR", temp.resolve("log").toString()));
        Wal.open(config).close();
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnce() throws IOException {
        Path file = Files.writeString(temp.resolve("walnut.properties"), "wal.fsnyc = always");
        WalConfig config = EnvironmentConfig.load(file, Map.of("WALNUT_SEGMENT_BYTES", "many"));
        WalConfigException e = assertThrows(WalConfigException.class, () -> Wal.open(config));
        String problems = String.join("\n", e.problems());
        for (String key : new String[] {"wal.dir", "wal.fsnyc", "wal.segment.bytes"}) {
            assertTrue(problems.contains(key), problems);
        }
    }

    @Test
    void shouldHaveAVariableForEveryKeyThatThereIs() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/configuration.md"))) {
            root = root.getParent();
        }
        Matcher keys = Pattern.compile("^\\| `(wal\\.[a-z.-]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(root.resolve("docs/configuration.md")));
        int count = 0;
        for (; keys.find(); count++) {
            String key = keys.group(1);
            WalConfig config =
                    EnvironmentConfig.load(temp.resolve("none"), Map.of(EnvironmentConfig.variable(key), "value"));
            assertEquals(Map.of(key, "value"), config.toMap());
        }
        assertTrue(count > 40, "only " + count + " keys");
    }
}
