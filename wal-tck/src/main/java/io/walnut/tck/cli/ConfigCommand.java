package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.spi.BackendProvider.Part;
import io.walnut.spi.config.ConfigKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Explains and checks configurations. */
@Command(
        name = "config",
        description =
                "Lists every key of the configuration with its default, or checks a configuration without opening a"
                        + " log.")
final class ConfigCommand extends Tool {
    /** What to do instead of listing. */
    static final class Task {
        @Option(names = "--markdown", description = "Print the reference page, docs/configuration.md.")
        boolean markdown;

        @Option(
                names = "--check",
                paramLabel = "FILE",
                description = "Check a properties file and tell everything that is wrong with it.")
        @Nullable
        Path check;
    }

    @ArgGroup
    Task task = new Task();

    @Option(
            names = "--format",
            defaultValue = "text",
            description =
                    "text, or json: one JSON object with every key, or with the problems. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    ConfigCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Path file = task.check;
        if (file != null) {
            return check(file);
        }
        WalConfig config = options.config();
        if (format == Format.JSON) {
            JsonReport.print(
                    terminal.out(), Map.of("keys", keys(Backend.of(config).parts(config))));
            return OK;
        }
        ConfigReference reference = new ConfigReference(Backend.of(config).parts(config));
        terminal.out().print(task.markdown ? reference.markdown() : reference.text());
        return OK;
    }

    private static List<Map<String, Object>> keys(List<Part> parts) {
        List<Map<String, Object>> keys = new ArrayList<>();
        for (Part part : parts) {
            for (ConfigKey<?> key : part.config().keys()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("key", part.prefix() + key.name());
                json.put("type", key.type().name());
                json.put("range", key.range());
                json.put("default", key.defaultValue() == null ? Optional.empty() : key.defaultText());
                json.put("since", key.since());
                json.put("description", key.doc());
                keys.add(json);
            }
        }
        return keys;
    }

    private int check(Path file) throws IOException {
        PropertiesFile content = PropertiesFile.read(file);
        WalConfig config = options.configOver(content.values());
        List<String> problems = new ArrayList<>();
        content.repeated().forEach(key -> problems.add(key + ": is given more than once; keep one"));
        try {
            Backend.of(config).check(config);
        } catch (WalConfigException e) {
            problems.addAll(e.problems());
        } catch (BadInputException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        PrintWriter out = terminal.out();
        if (format == Format.JSON) {
            JsonReport.print(out, Map.of("file", file, "ok", problems.isEmpty(), "problems", problems));
            return problems.isEmpty() ? OK : FAILED;
        }
        problems.forEach(problem -> out.println("problem: " + problem));
        out.println(
                problems.isEmpty()
                        ? "ok: " + file + " can be used"
                        : "WRONG: " + file + " has " + Human.count(problems.size(), "problem"));
        return problems.isEmpty() ? OK : FAILED;
    }
}
