package io.walnut.tck.cli;

import io.walnut.tck.kit.Configuration;
import io.walnut.tck.kit.Kit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the conformance suites over assembled configurations. */
@Command(
        name = "tck",
        description =
                "Runs the conformance suites over assembled configurations: the log as a whole, and the codec, fsync"
                        + " strategy, preallocator, meter and storage that each names. Logs are made in the system's"
                        + " temporary directory (java -Djava.io.tmpdir=DIR); the key wal.dir is not looked at.")
final class TckCommand extends Tool {
    private static final String DIR = "wal.dir";

    @Option(
            names = "--config",
            split = ",",
            paramLabel = "FILE",
            description = "Properties files, one for each configuration; without any, the defaults are tested.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--plugin-path",
            paramLabel = "PATH",
            description =
                    "Directories that hold the jars of a plugin or backend, or a directory for each (wal.plugin.path).")
    @Nullable
    String pluginPath;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any key, for every configuration; can be repeated.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description =
                    "Only rules with one of these tags: codec, fsync, preallocator, meter, storage; and of the log"
                            + " ordering, async, batches, readers, records, limits, deletion, configuration, lifecycle,"
                            + " surroundings, concurrency, crash.")
    List<String> tags = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Repeats a run; by default another one each time.")
    @Nullable
    Long seed;

    @Option(
            names = "--reports",
            paramLabel = "DIR",
            description =
                    "Where JUnit XML and one HTML page are written, creating the directory (default: ${DEFAULT-VALUE}).")
    Path reports = Path.of("walnut-reports");

    TckCommand(Terminal terminal) {
        super(terminal);
    }

    private void checkTags() {
        Set<String> known = new TreeSet<>();
        for (Class<?> suite : KitSuites.ALL) {
            for (Class<?> at = suite; at != null; at = at.getSuperclass()) {
                for (Tag tag : at.getAnnotationsByType(Tag.class)) {
                    known.add(tag.value());
                }
                for (Class<?> inner : at.getDeclaredClasses()) {
                    for (Tag tag : inner.getAnnotationsByType(Tag.class)) {
                        known.add(tag.value());
                    }
                }
            }
        }
        for (String tag : tags) {
            if (!known.isEmpty() && !known.contains(tag)) {
                throw new BadInputException(
                        "--tags " + tag + ": there is no such tag; available: " + String.join(", ", known));
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        checkTags();
        List<Configuration> configurations = configurations();
        long used = seed != null ? seed : ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
        terminal.line("seed " + used + "; --seed " + used + " repeats this run");
        String property = "walnut.tck.seed";
        String before = System.getProperty(property);
        System.setProperty(property, Long.toString(used));
        try {
            KitMatrix matrix = KitRun.of(configurations, pluginPath, tags, reports, terminal);
            matrix.print(terminal.out());
            terminal.out().println(matrix.summary() + "; " + Kit.replay().replace("-Dwalnut.tck.seed=", "seed "));
            Path page = HtmlMatrix.write(matrix, reports, used);
            terminal.out()
                    .println("reports in " + reports.toAbsolutePath() + ": " + page.getFileName() + " and JUnit XML");
            return matrix.passed() ? OK : FAILED;
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    private List<Configuration> configurations() {
        List<Configuration> all = new ArrayList<>();
        for (Path file : files) {
            Map<String, String> values =
                    new TreeMap<>(Elsewhere.withMeter(PropertiesFile.read(file).values()));
            values.remove(DIR);
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.properties$", "");
            boolean taken = all.stream().anyMatch(each -> each.name().equals(name));
            all.add(new Configuration(taken ? file.toString() : name, values).with(set));
        }
        return all.isEmpty() ? List.of(Configuration.DEFAULTS.with(set)) : all;
    }
}
