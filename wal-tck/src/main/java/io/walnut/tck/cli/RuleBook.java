package io.walnut.tck.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code docs/tck.md} says about each rule. */
final class RuleBook {
    private static final Pattern METHOD = Pattern.compile("(required|optional|stochastic)_([A-Z][0-9]+)_(\\w+)");
    private static final Pattern LINE =
            Pattern.compile("^\\| `([A-Z][0-9]+)` \\| \\w+ \\| (.*?) \\| (.*) \\|$", Pattern.MULTILINE);

    private final Map<String, String> sentences = new HashMap<>();
    private final Map<String, String> hints = new HashMap<>();

    private RuleBook() {}

    static RuleBook load() {
        RuleBook book = new RuleBook();
        try (InputStream in = RuleBook.class.getResourceAsStream("tck.md")) {
            if (in != null) {
                Matcher lines = LINE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                while (lines.find()) {
                    book.sentences.put(lines.group(1), lines.group(2));
                    book.hints.put(lines.group(1), lines.group(3));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return book;
    }

    /** The number of the rule that a method checks; the method itself if it is about none. */
    static String idOf(String method) {
        Matcher matcher = METHOD.matcher(method);
        return matcher.lookingAt() ? matcher.group(2) : method;
    }

    /** The name of a rule's method as a sentence. */
    static String sentenceOf(String method) {
        Matcher matcher = METHOD.matcher(method);
        return matcher.lookingAt()
                ? matcher.group(3)
                        .replaceAll("([A-Z])", " $1")
                        .toLowerCase(Locale.ROOT)
                        .strip()
                : method;
    }

    String sentence(String rule) {
        return sentences.getOrDefault(rule, "");
    }

    String hint(String rule) {
        return hints.getOrDefault(rule, "what the message says");
    }
}
