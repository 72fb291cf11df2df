package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be said of a demo. */
final class DemoOptions {
    private static final long RECORDS = 500_000;
    private static final long RECORDS_THAT_WAIT_FOR_THE_DEVICE = 2_000;
    private static final long MAX_TEXT_BYTES = 64L << 20;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the log is written: a new or empty directory, which is kept. Default: a temporary one.")
    @Nullable
    Path directory;

    @Option(names = "--keep", description = "Keep the temporary directory, to look into the log afterwards.")
    boolean keep;

    @Option(
            names = "--fsync",
            paramLabel = "NAME",
            description = "When appended bytes are forced to the device: always, batch, os. Default: batch.")
    @Nullable
    String fsync;

    @Option(
            names = "--codec",
            paramLabel = "NAME",
            description = "What compresses values: none, lz4, zstd. Default: none.")
    @Nullable
    String codec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the moment of the kill, after so many acknowledgements. Default: a new one, printed.")
    @Nullable
    Long seed;

    @Option(
            names = "--records",
            paramLabel = "N",
            description =
                    "Kill at the latest after so many acknowledgements, at the earliest after half of them. Default:"
                            + " " + RECORDS + ", or " + RECORDS_THAT_WAIT_FOR_THE_DEVICE
                            + " where each waits for the device; fewer if the lines are long.")
    @Nullable
    Long records;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    /** {@return whether the log stays when all is well} */
    boolean kept() {
        return keep || directory != null;
    }

    /**
     * The directory of the log, there and empty.
     *
     * @throws BadInputException if that cannot be
     */
    Path prepareDirectory() throws IOException {
        if (directory == null) {
            return Files.createTempDirectory("walnut-demo-");
        }
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                throw new BadInputException("--dir " + directory + " is not a directory; give a new or empty one");
            }
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new BadInputException("--dir " + directory + " is not empty; give a new or empty directory");
                }
            }
        }
        return Files.createDirectories(directory);
    }

    WalConfig config(Path log) {
        Map<String, String> more = new HashMap<>();
        more.put("wal.dir", log.toAbsolutePath().toString());
        more.put("wal.segment.bytes", "4MiB");
        if (fsync != null) {
            more.put("wal.fsync", fsync);
        }
        if (codec != null) {
            more.put("wal.codec", codec);
        }
        return options.configElsewhere(more);
    }

    /** {@return the seed that was given, or a new one that is easy to type} */
    long seed() {
        return seed != null ? seed : new Random().nextInt(1_000_000);
    }

    /** {@return after how many acknowledgements to kill} */
    long killAfter(long drawnFrom, SourceText text, WalConfig config) {
        long most = records != null ? records : recordsFor(text, config);
        if (most < 1) {
            throw new BadInputException("--records " + most + " is too few; give 1 or more");
        }
        long least = (most + 1) / 2;
        return least + (long) (new Random(drawnFrom).nextDouble() * (most - least + 1));
    }

    private static long recordsFor(SourceText text, WalConfig config) {
        boolean waits = config.get("wal.fsync").orElse("").equals("always");
        long fitting = MAX_TEXT_BYTES * text.lines().size() / Math.max(1, text.bytes());
        return Math.min(fitting, waits ? RECORDS_THAT_WAIT_FOR_THE_DEVICE : RECORDS);
    }
}
