package io.walnut.tck.cli;

import io.walnut.spi.BackendProvider.Part;
import io.walnut.spi.config.ConfigKey;
import java.util.List;
import java.util.StringJoiner;

/** The reference of all keys, generated from what the parts declare. The same for the same parts, wherever they are. */
final class ConfigReference {
    private static final String INTRODUCTION = """
            # Configuration

            <!-- Generated: java -jar wal-tck/target/wal-tck-*-all.jar config --markdown > docs/configuration.md -->

            A configuration is a set of strings by key. `WalConfig.builder(path)`, `WalConfig.from(map)` and
            `WalConfig.from(properties)` say the same things, and `toMap()` gives them back. Opening a log checks all of it
            and reports everything that is wrong at once, unknown keys that begin with `wal.` included; others are ignored, so that a
            file can be shared. `config --check FILE` does the same without opening a log. For a group of logs `wal.dir` is the root, and `wal.group.log.<name>.<key>` says `wal.<key>` for one
            log, or for all partitions of a name.

            | type | written as |
            |---|---|
            | duration | a number and a unit: `5ms`, `1.5s`, `1h`; units `ns`, `us`, `ms`, `s`, `m`, `h`, `d` |
            | size | bytes, or a number and a unit: `65536`, `64KiB`, `1GB`; units `B`, `KB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024) |
            | boolean | `true` or `false` |
            | int, long | a whole number; `_` may stand between digits |
            | path | a path, relative to the working directory of the process |
            | string | any text |
            | a choice | one of the listed words |
            """;

    private final List<Part> parts;

    ConfigReference(List<Part> parts) {
        this.parts = parts.stream().filter(part -> part.problem().isEmpty()).toList();
    }

    /** {@return the page {@code docs/configuration.md}} */
    String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        StringJoiner withoutKeys = new StringJoiner("`, `", "`", "`");
        for (Part part : parts) {
            if (part.config().keys().isEmpty()) {
                withoutKeys.add(choice(part));
            } else {
                page.append("\n## ").append(title(part, "`")).append("\n\n");
                page.append("| key | type | default | since | meaning |\n|---|---|---|---|---|\n");
                part.config().keys().forEach(key -> page.append(row(part, key)));
            }
        }
        page.append("\n## Parts without keys of their own\n\n")
                .append(withoutKeys)
                .append('\n');
        return page.toString();
    }

    private static String row(Part part, ConfigKey<?> key) {
        return "| `" + part.prefix() + key.name() + "` | " + cell(type(key)) + " | " + defaultOf(key, "`") + " | "
                + key.since() + " | " + cell(key.doc()) + " |\n";
    }

    private static String type(ConfigKey<?> key) {
        return key.range().isEmpty() ? key.type().name() : key.type().name() + ", " + key.range();
    }

    /** {@return the same for a terminal} */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(text.length() == 0 ? "" : "\n").append(title(part, "")).append('\n');
            for (ConfigKey<?> key : part.config().keys()) {
                text.append("  ").append(part.prefix()).append(key.name());
                text.append("  (").append(type(key)).append(", ");
                text.append(key.defaultValue() == null ? "" : "default ")
                        .append(defaultOf(key, ""))
                        .append(")\n");
                text.append("      ").append(key.doc().replace("`", "")).append('\n');
            }
        }
        return text.toString();
    }

    /** {@return what a part is and, if it is one of several, what chooses it} */
    private static String title(Part part, String quote) {
        if (part.kind().equals("group")) {
            return "A group of logs";
        }
        String kind = part.kind().equals("fsync") ? "fsync strategy" : part.kind();
        String choice = part.prefix().isEmpty() ? "" : ": " + quote + choice(part) + quote;
        return "The " + kind + " " + part.name() + choice;
    }

    /** {@return what chooses a part, like {@code wal.codec=zstd}} */
    private static String choice(Part part) {
        return "wal." + part.kind() + "=" + part.name();
    }

    private static String defaultOf(ConfigKey<?> key, String quote) {
        if (key.defaultValue() == null) {
            return "has to be given";
        }
        return key.defaultText().isEmpty() ? "empty" : quote + key.defaultText() + quote;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
