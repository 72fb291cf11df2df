package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/tck.md} lists the rules as the code has them; {@code -Dwalnut.docs.write=true} writes them there. */
class RulesPageTest {
    private static final Pattern RULE = Pattern.compile(
            "(?:/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*)?((?:@\\w+(?:\\([^)]*\\))?\\s+)*)(?:public )?final void"
                    + " ((required|optional|stochastic)_([A-Z][0-9]+)_\\w+)\\(");
    private static final Pattern NEEDS = Pattern.compile("@Needs\\(Capability\\.(\\w+)\\)");
    private static final Pattern LOOK = Pattern.compile("If this fails, (?:look (?:at|for) )?(.*)");
    private static final String START = "<!-- the rules, written by RulesPageTest -->\n";
    private static final String END = "<!-- the end of the rules -->\n";

    private final Path root = Checkout.rootWith("docs/tck.md");

    @Test
    void shouldListEveryRuleWithWhereToLookWhenItFails() throws IOException {
        Path page = root.resolve("docs/tck.md");
        String text = Files.readString(page);
        int from = text.indexOf(START) + START.length();
        int to = text.indexOf(END);
        assertTrue(from >= START.length() && to >= from, "docs/tck.md has no place for the rules");
        String expected = table();
        if (Boolean.getBoolean("walnut.docs.write")) {
            Files.writeString(page, text.substring(0, from) + expected + text.substring(to));
        } else {
            assertEquals(
                    expected,
                    text.substring(from, to),
                    "docs/tck.md is stale: -Dtest=RulesPageTest -Dwalnut.docs.write=true writes it");
        }
    }

    @Test
    void shouldGiveEachRuleANumberOfItsOwn() throws IOException {
        assertTrue(rules().size() > 180, () -> "only these rules were found: " + table());
    }

    private String table() {
        StringBuilder table =
                new StringBuilder("\n| rule | kind | what it checks | when it fails, look at |\n|---|---|---|---|\n");
        try {
            rules().values().forEach(line -> table.append(line).append('\n'));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return table.append('\n').toString();
    }

    private Map<String, String> rules() throws IOException {
        Map<String, String> rules = new TreeMap<>();
        for (Path source : sources()) {
            Matcher matcher = RULE.matcher(Files.readString(source));
            while (matcher.find()) {
                String id = matcher.group(5);
                assertFalse(rules.containsKey(id), () -> "two rules are called " + id);
                rules.put(id, line(matcher));
            }
        }
        return rules;
    }

    private static String line(Matcher rule) {
        Matcher needs = NEEDS.matcher(rule.group(2));
        String capability = needs.find() ? "; needs " + needs.group(1) : "";
        String doc = rule.group(1) == null ? "" : rule.group(1).replaceAll("\\s*\\n\\s*\\*?\\s*", " ");
        doc = doc.replaceAll("\\{@\\w+ ([^}]*(?:\\{[^}]*}[^}]*)*)}", "`$1`").strip();
        Matcher look = LOOK.matcher(doc);
        String hint = look.matches() ? look.group(1) : doc;
        assertFalse(hint.isBlank(), () -> rule.group(3) + " does not say where to look when it fails");
        return "| `" + rule.group(5) + "` | " + rule.group(4) + " | " + RuleBook.sentenceOf(rule.group(3)) + capability
                + " | " + hint.replace("|", "\\|") + " |";
    }

    private List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String directory : List.of("kit", "wal", "crash")) {
            try (Stream<Path> files = Files.list(
                    root.resolve("wal-tck/src/main/java/io/walnut/tck").resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(all::add);
            }
        }
        return all;
    }
}
