package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code on the pages of recipes is that of the test tree; {@code -Dwalnut.docs.write=true} writes it there. */
class RecipePagesTest {
    private static final Pattern CODE =
            Pattern.compile("<!-- code: (\\S+) -->\\n```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern LINK = Pattern.compile("]\\(([^):]+)\\)");

    @Test
    void shouldShowTheCodeThatIsTested() throws IOException {
        Path root = root();
        List<Path> pages = pages();
        assertTrue(pages.size() > 0);
        String index = Files.readString(root.resolve("docs/recipes/README.md"));
        for (Path page : pages) {
            check(root, page);
            String name = page.getFileName().toString();
            assertTrue(name.equals("README.md") || index.contains("](" + name + ")"), name + " is in the index");
        }
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/recipes"))) {
            root = root.getParent();
        }
        return root;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("docs/recipes"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldLinkToWhatIsThere() throws IOException {
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                assertTrue(Files.exists(page.resolveSibling(links.group(1))), page + " links to " + links.group(1));
            }
        }
    }

    private static void check(Path root, Path page) throws IOException {
        String text = Files.readString(page);
        Matcher matcher = CODE.matcher(text);
        StringBuilder current = new StringBuilder();
        while (matcher.find()) {
            String code = Files.readString(root.resolve(matcher.group(1)));
            String block = "<!-- code: " + matcher.group(1) + " -->\n```java\n" + code + "```";
            matcher.appendReplacement(current, Matcher.quoteReplacement(block));
        }
        assertTrue(current.length() > 0 || page.endsWith("README.md"), () -> page + " shows no code");
        matcher.appendTail(current);
        if (Boolean.getBoolean("walnut.docs.write")) {
            Files.writeString(page, current);
        } else {
            assertEquals(
                    current.toString(),
                    text,
                    () -> page + " is stale: -Dtest=RecipePagesTest -Dwalnut.docs.write=true");
        }
    }
}
