package io.walnut.tck.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Explains the metrics. */
@Command(name = "metrics", description = "Lists every metric that a log tells its meter.")
final class MetricsCommand extends Tool {
    @Option(names = "--markdown", description = "Print the reference page, docs/metrics.md.")
    boolean markdown;

    MetricsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        terminal.out().print(markdown ? MetricsReference.markdown() : MetricsReference.text());
        return OK;
    }
}
