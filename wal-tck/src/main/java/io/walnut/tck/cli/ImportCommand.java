package io.walnut.tck.cli;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends the lines of a file. */
@Command(
        name = "import",
        description =
                "Appends a record for each line of a file to a log, which is created if it is not there. The lines are texts, or"
                        + " JSON objects as 'dump --format json' prints them. What was imported is durable when this ends.")
final class ImportCommand extends Tool {
    private static final int LINES_IN_BATCH = 256;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory of the log.")
    Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = "FILE", description = "The file, in UTF-8; - for the standard input.")
    String file = "";

    @Option(
            names = "--format",
            defaultValue = "text",
            description =
                    "text: each line is a value, its key is empty; json: each line is an object with key and value, as dump"
                            + " prints it. Default: ${DEFAULT-VALUE}.")
    Format format = Format.TEXT;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    private long lines;
    private long imported;

    ImportCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        if (!file.equals("-") && !Files.isRegularFile(Path.of(file))) {
            throw new BadInputException("there is no file " + file + "; give the path of a text file");
        }
        WalConfig config = options.configOver(Map.of("wal.dir", directory.toString()));
        try (InputStream bytes = file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder())); // which refuses other bytes
                Wal wal = Wal.open(config)) {
            copy(reader, wal);
            terminal.out().println(Human.count(imported, "record") + " imported, up to " + wal.sync());
        } catch (CharacterCodingException e) {
            throw new UnfinishedException(file + " is not in UTF-8 behind line " + lines + soFar());
        }
        return OK;
    }

    private void copy(BufferedReader reader, Wal wal) throws IOException {
        List<WalRecord> batch = new ArrayList<>();
        String line = reader.readLine();
        while (line != null) {
            lines++;
            batch.add(record(line));
            line = reader.readLine();
            if (batch.size() == LINES_IN_BATCH || line == null) {
                append(batch, wal);
            }
        }
    }

    private void append(List<WalRecord> batch, Wal wal) {
        try {
            wal.appendBatch(batch);
        } catch (WalException e) {
            throw new UnfinishedException("lines " + (lines - batch.size() + 1) + " to " + lines
                    + " could not be appended: " + e.getMessage() + soFar());
        }
        imported += batch.size();
        batch.clear();
    }

    private WalRecord record(String line) throws IOException {
        if (format == Format.TEXT) {
            return WalRecord.put(new byte[0], line.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return JsonRecord.parse(line);
        } catch (BadInputException e) {
            throw new UnfinishedException("line " + lines + ": " + e.getMessage() + soFar());
        }
    }

    private String soFar() {
        return "; " + Human.count(imported, "record") + " imported before";
    }
}
