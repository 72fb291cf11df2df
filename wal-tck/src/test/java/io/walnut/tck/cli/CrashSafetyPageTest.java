package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page that names a test for every fault names all faults, and tests that are there. */
class CrashSafetyPageTest {
    private static final Path PAGE = Path.of("docs", "crash-safety.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| ([CEPSH]\\d+) \\|(.*)\\|(.*)\\|(.*)\\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([A-Z]\\w*)(?:\\.(\\w+)(…)?)?`");
    private static final Map<String, Integer> FAULTS = Map.of("C", 16, "E", 15, "P", 15, "S", 11, "H", 8);

    private static String page = "";
    private static final Map<String, String> SOURCES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        Path root = Checkout.rootWith(PAGE.toString());
        page = Files.readString(root.resolve(PAGE));
        for (String module : List.of("wal-engine", "wal-tck")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    SOURCES.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
    }

    @Test
    void shouldHaveARowForEveryFault() {
        List<String> expected = new ArrayList<>();
        FAULTS.forEach((kind, count) -> {
            for (int i = 1; i <= count; i++) {
                expected.add(kind + i);
            }
        });
        List<String> rows = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        assertEquals(expected.stream().sorted().toList(), rows.stream().sorted().toList());
    }

    @Test
    void shouldNameATestOrSayWhyThereIsNone() {
        ROW.matcher(page).results().forEach(row -> {
            String shown = row.group(4);
            boolean told =
                    CODE.matcher(shown).find() || row.group(3).contains("**") || shown.contains("nothing to test");
            assertTrue(told, row.group());
            assertFalse(shown.contains("not tested"), row.group());
        });
    }

    @Test
    void shouldNameTestsThatAreThere() {
        Matcher code = CODE.matcher(page);
        int names = 0;
        while (code.find()) {
            String source = SOURCES.get(code.group(1));
            assertTrue(source != null, () -> "there is no " + code.group());
            String method = code.group(2);
            if (method != null && source != null) {
                String wanted = " " + method + (code.group(3) == null ? "(" : "");
                assertTrue(source.contains(wanted), () -> "there is no " + code.group());
            }
            names++;
        }
        assertTrue(names > 50, "names: " + names);
    }
}
