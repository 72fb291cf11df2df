package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.BackendProvider.Part;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the parts that can be configured. */
@Command(
        name = "plugins",
        description = "Lists every part that is found, with its version, where it comes from, and why it cannot be used"
                + " if it cannot.")
final class PluginsCommand extends Tool {
    @Mixin
    ConfigOptions options = new ConfigOptions();

    PluginsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        WalConfig config = options.config();
        BackendProvider backend = Backend.of(config);
        Table table = new Table("kind", "name", "version", "usable", "from");
        boolean allUsable = true;
        for (Part part : backend.parts(config)) {
            boolean usable = part.problem().isEmpty();
            allUsable &= usable;
            table.row(
                    part.kind(), part.name(), part.version(), usable ? "yes" : "NO: " + part.problem(), part.origin());
        }
        table.print(terminal.out());
        List<String> problems = ConfigCheck.problems(backend, config);
        problems.forEach(problem -> terminal.err().println("problem: " + problem));
        return allUsable && problems.isEmpty() ? OK : FAILED;
    }
}
