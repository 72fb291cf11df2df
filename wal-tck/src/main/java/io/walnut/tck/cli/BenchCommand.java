package io.walnut.tck.cli;

import io.walnut.spi.BackendProvider;
import io.walnut.tck.bench.Bench;
import io.walnut.tck.bench.CsvReport;
import io.walnut.tck.bench.JsonReport;
import io.walnut.tck.bench.Plan;
import io.walnut.tck.bench.Report;
import io.walnut.tck.bench.Row;
import io.walnut.tck.bench.SvgReport;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures a log beside the limits of the machine. */
@Command(
        name = "bench",
        description =
                "Measures logs beside the limits of the machine, in turn and on the same file system, and prints the"
                        + " ratios. A slow machine is no failure: the exit code tells only whether everything could be measured.")
final class BenchCommand extends Tool {
    @Mixin
    BenchOptions options = new BenchOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    BenchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        options.check();
        Path directory = options.makeDirectory();
        try {
            Plan plan = options.plan(directory);
            BackendProvider backend = Backend.of(options.config(directory));
            backend.check(options.config(directory));
            BenchProgress progress = new BenchProgress(terminal, plan.runs());
            Report report = Bench.run(plan, typed(), progress);
            progress.finish();
            new BenchTable(terminal.out()).print(report);
            write(options.json, report, JsonReport::write);
            write(options.csv, report, CsvReport::write);
            write(options.svg, report, SvgReport::write);
            return report.rows().stream().map(Row::failed).allMatch(failed -> failed == null) ? OK : FAILED;
        } finally {
            DemoCommand.delete(directory);
        }
    }

    private String typed() {
        return spec == null
                ? ""
                : String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    private interface Format {
        void write(Report report, Writer to) throws IOException;
    }

    private static void write(@Nullable Path file, Report report, Format format) throws IOException {
        if (file != null) {
            try (Writer writer = Files.newBufferedWriter(file)) {
                format.write(report, writer);
            }
        }
    }
}
