package io.walnut.tck.cli;

import io.walnut.spi.BackendProvider.Part;
import io.walnut.spi.config.ConfigKey;
import java.util.List;

/** The reference of all keys, generated from what the parts declare. The same for the same parts, wherever they are. */
final class ConfigReference {
    private static final String INTRODUCTION = """
            # Configuration

            <!-- Generated: java -jar wal-tck/target/wal-tck-*-all.jar config --markdown > docs/configuration.md -->

            A configuration is a set of strings by key. `WalConfig.builder(path)`, `WalConfig.from(map)` and
            `WalConfig.from(properties)` say the same things, and `toMap()` gives them back. Opening a log checks all of it
            and reports everything that is wrong at once, unknown keys included; `config --check FILE` does the same without
            opening a log.

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
        for (Part part : parts) {
            page.append("\n## ").append(title(part)).append("\n\n");
            if (!part.prefix().isEmpty()) {
                page.append("Chosen by `").append(choice(part)).append("`.");
                page.append(part.config().keys().isEmpty() ? " Has no keys of its own.\n" : "\n\n");
            }
            if (!part.config().keys().isEmpty()) {
                page.append("| key | type | default | since | |\n|---|---|---|---|---|\n");
            }
            for (ConfigKey<?> key : part.config().keys()) {
                page.append("| `")
                        .append(part.prefix())
                        .append(key.name())
                        .append("` | ")
                        .append(cell(key.type().name()))
                        .append(" | ")
                        .append(defaultOf(key, "`"))
                        .append(" | ")
                        .append(key.since())
                        .append(" | ")
                        .append(cell(key.doc()))
                        .append(" |\n");
            }
        }
        return page.toString();
    }

    /** {@return the same for a terminal} */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(text.length() == 0 ? "" : "\n").append(title(part));
            text.append(part.prefix().isEmpty() ? "" : ": " + choice(part)).append('\n');
            for (ConfigKey<?> key : part.config().keys()) {
                text.append("  ").append(part.prefix()).append(key.name());
                text.append("  (").append(key.type().name()).append(", ");
                text.append(key.defaultValue() == null ? "" : "default ")
                        .append(defaultOf(key, ""))
                        .append(")\n");
                text.append("      ").append(key.doc().replace("`", "")).append('\n');
            }
        }
        return text.toString();
    }

    private static String title(Part part) {
        return "The " + part.kind() + " " + part.name();
    }

    /** {@return what chooses a part, like {@code wal.codec=zstd}} */
    private static String choice(Part part) {
        String key =
                part.prefix().substring(0, part.prefix().length() - part.name().length() - 2);
        return key + "=" + part.name();
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
