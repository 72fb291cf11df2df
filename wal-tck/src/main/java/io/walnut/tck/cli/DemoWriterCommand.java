package io.walnut.tck.cli;

import io.walnut.api.Wal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The process that the demo kills: appends the lines of a file, over and over, and reports the position of each on its
 * standard output as soon as its append has returned, before the next one begins. Ends only by being killed, or when
 * nobody reads its reports any more.
 */
@Command(name = DemoWriterCommand.NAME, hidden = true, description = "Appends lines until it is killed; used by demo.")
final class DemoWriterCommand extends Tool {
    static final String NAME = "demo-writer";

    @Parameters(paramLabel = "FILE", description = "The text.")
    Path file = Path.of("");

    @Mixin
    ConfigOptions options = new ConfigOptions();

    DemoWriterCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        SourceText text = SourceText.read(file);
        try (OutputStream reports = new FileOutputStream(FileDescriptor.out);
                Wal wal = Wal.open(options.config())) {
            for (long record = 0; ; record++) {
                String position = wal.append(SourceText.key(record), text.value(record)) + "\n";
                reports.write(position.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
