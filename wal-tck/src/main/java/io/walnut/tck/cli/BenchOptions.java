package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.tck.bench.Plan;
import io.walnut.tck.bench.Scale;
import io.walnut.tck.bench.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be said of a measurement. */
final class BenchOptions {
    private static final String DIR = "wal.dir";
    private static final long GIB = 1L << 30;
    private static final String PREFIX = "walnut-bench-";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "An existing directory on the file system to measure; what is made in it is deleted afterwards."
                            + " Default: that for temporary files.")
    @Nullable
    Path directory;

    @Option(
            names = "--work",
            paramLabel = "NAME",
            split = ",",
            description =
                    "What to measure; several with commas, * for any characters. Default: everything. A wrong name"
                            + " lists them all.")
    List<String> works = new ArrayList<>();

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Counted runs of each side, after one that warms up. Default: ${DEFAULT-VALUE}.")
    int runs = 5;

    @Option(
            names = "--scale",
            paramLabel = "small|full|huge",
            description =
                    "How much each run does: everything in a few minutes, enough to believe, or that with 50 GB where it is"
                            + " sustained. Default: small.")
    Scale scale = Scale.SMALL;

    @Option(
            names = "--keep",
            paramLabel = "GIB",
            description =
                    "Keep so many GiB of what was written last, zeros at first. With as much as the machine has memory no run"
                            + " is the first to use a page, which is slow where free memory is handed back to a host."
                            + " Default: ${DEFAULT-VALUE}.")
    int keep;

    @Option(names = "--seed", paramLabel = "N", description = "Draws keys and values. Default: ${DEFAULT-VALUE}.")
    long seed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything, each run included, as JSON.")
    @Nullable
    Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write the table as comma-separated values.")
    @Nullable
    Path csv;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the ratios and the latencies.")
    @Nullable
    Path svg;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    /**
     * Checks what costs nothing to check.
     *
     * @throws BadInputException if something cannot be
     * @throws IOException if the file system does not tell how much space it has
     */
    void check() throws IOException {
        for (String work : works) {
            if (Workloads.matching(work).isEmpty()) {
                throw new BadInputException("--work " + work + ": there is no such workload; available: "
                        + String.join(", ", Workloads.names()));
            }
        }
        if (runs < 1) {
            throw new BadInputException("--runs " + runs + " is too few; give 1 or more");
        }
        if (directory != null && !Files.isDirectory(directory)) {
            throw new BadInputException("--dir " + directory + " is not a directory; give one that is there");
        }
        Path where = directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
        if (keep < 0) {
            throw new BadInputException("--keep " + keep + " is negative; give a number of GiB");
        }
        if (keep * GIB > Files.getFileStore(where).getUsableSpace()) {
            throw new BadInputException("--keep " + keep + ": there is no room for so many GiB in " + where);
        }
        if (!options.configElsewhere(Map.of()).get("wal.storage").orElse("file").equals("file")) {
            throw new BadInputException("wal.storage: only 'file' can be compared with the limits of a file system");
        }
        for (Path file : new Path[] {json, csv, svg}) {
            Path parent =
                    file == null ? null : file.toAbsolutePath().normalize().getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                throw new BadInputException("the directory of " + file + " is not there");
            }
        }
    }

    /** {@return a new directory on the file system that is measured} */
    Path makeDirectory() throws IOException {
        return directory == null ? Files.createTempDirectory(PREFIX) : Files.createTempDirectory(directory, PREFIX);
    }

    WalConfig config(Path log) {
        return options.configElsewhere(Map.of()).toBuilder()
                .set(DIR, log.toAbsolutePath().toString())
                .build();
    }

    Plan plan(Path inDirectory) {
        Map<String, String> asked =
                new HashMap<>(options.configElsewhere(Map.of()).toMap());
        asked.remove(DIR);
        List<String> names = works.stream()
                .flatMap(work -> Workloads.matching(work).stream())
                .distinct()
                .toList();
        return new Plan(inDirectory, asked, names, runs, scale, keep * GIB, seed);
    }
}
