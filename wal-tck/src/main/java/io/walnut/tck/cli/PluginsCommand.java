package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.BackendProvider.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the parts that can be configured. */
@Command(
        name = "plugins",
        description = "Lists every part that is found, with its version, where it comes from, and why it cannot be used"
                + " if it cannot.")
final class PluginsCommand extends Tool {
    @Mixin
    ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, or json: one JSON object. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    PluginsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        WalConfig config = options.config();
        BackendProvider backend = Backend.of(config);
        Table table = new Table("kind", "name", "version", "usable", "from");
        List<Map<String, Object>> parts = new ArrayList<>();
        boolean allUsable = true;
        for (Part part : backend.parts(config)) {
            boolean usable = part.problem().isEmpty();
            allUsable &= usable;
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("kind", part.kind());
            json.put("name", part.name());
            json.put("version", part.version());
            json.put("usable", usable);
            json.put("problem", part.problem());
            json.put("from", part.origin());
            parts.add(json);
            table.row(
                    part.kind(), part.name(), part.version(), usable ? "yes" : "NO: " + part.problem(), part.origin());
        }
        List<String> problems = ConfigCheck.problems(backend, config);
        if (format == Format.JSON) {
            JsonReport.print(terminal.out(), Map.of("parts", parts, "problems", problems));
        } else {
            table.print(terminal.out());
        }
        problems.forEach(problem -> terminal.err().println("problem: " + problem));
        return allUsable && problems.isEmpty() ? OK : FAILED;
    }
}
