package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.walnut.tck.bench.Workloads;
import io.walnut.tck.kit.Daily;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That everything is measured and told; how fast it is belongs to no test. */
class BenchCommandTest {
    /** Workloads that the test below looks for; it measures a share of the others each day. */
    private static final List<String> ALWAYS =
            List.of("cold-batch-10", "prepared-1k", "prepared-always-8", "open-killed");

    private static final int COLUMNS = 32;
    private static final Pattern TAG = Pattern.compile("<(/?)(\\w+)(?: [\\w-]+=\"[^\"<]*\")*(/?)>");

    @TempDir
    Path temp;

    /** As by Ctrl-C. What it was writing when it was stopped may be gigabytes. */
    @Test
    void shouldLeaveNothingBehindWhenItIsStopped() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("logs"));
        Process bench = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "--dir",
                        directory.toString(),
                        "--scale",
                        "full",
                        "--work",
                        "prepared-1k-sustained")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader progress = bench.errorReader()) {
            String line = progress.readLine();
            while (line != null && !line.contains("prepared-1k-sustained")) {
                line = progress.readLine();
            }
            bench.toHandle().destroy();
            progress.transferTo(Writer.nullWriter());
        }
        assertTrue(bench.waitFor(1, TimeUnit.MINUTES));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldMeasureEveryWorkloadAndWriteItInThreeFormats() throws Exception {
        Path json = temp.resolve("report.json");
        Path csv = temp.resolve("report.csv");
        Path svg = temp.resolve("report.svg");
        Path directory = Files.createDirectory(temp.resolve("logs"));

        Set<String> names = new TreeSet<>(ALWAYS);
        names.addAll(Daily.share(BenchCommandTest.class, List.copyOf(Workloads.names()), 8, 25));

        Cli bench = bench(
                        "--work",
                        String.join(",", names),
                        "--dir",
                        directory,
                        "--json",
                        json,
                        "--csv",
                        csv,
                        "--svg",
                        svg)
                .ends(0)
                .prints(
                        "machine ",
                        "seed 1",
                        "command  bench --scale tiny",
                        "ratio",
                        "p99.99",
                        "M burst",
                        "log/R",
                        "log/S",
                        "device B/B",
                        "CPU/append",
                        "records recovered");

        List<String> inJson = strings(json, "workload");
        names.forEach(name -> assertTrue(inJson.contains(name), name));
        names.forEach(name -> assertTrue(bench.err().contains(name), bench::err));
        assertFalse(Files.readString(json).contains("\"failed\""), bench::out);
        List<String> lines = Files.readAllLines(csv);
        assertEquals(inJson.size() + 1, lines.size());
        lines.forEach(line -> assertEquals(COLUMNS, line.split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)", -1).length, line));
        List<String> shapes = wellFormed(Files.readString(svg));
        assertTrue(Collections.frequency(shapes, "rect") > 10, shapes::toString);
        assertTrue(Collections.frequency(shapes, "polyline") > 10, shapes::toString);
        assertEmpty(directory);
    }

    @Test
    void shouldMeasureWhatIsAskedForAsItIsConfigured() throws Exception {
        Path config = Files.writeString(temp.resolve("a.properties"), "wal.dir=elsewhere\nwal.fsync=os\n");

        Cli bench = bench(
                        "--work",
                        "prepared-100,prepared-batch-10",
                        "--config",
                        config,
                        "--set",
                        "wal.io=channel",
                        "--seed",
                        9)
                .ends(0)
                .prints("prepared-100", "os io=channel", "prepared-batch-10", "seed 9");

        assertFalse(bench.out().contains("always"), bench::out);
        assertFalse(bench.out().contains("prepared-100  batch"), bench::out);
        assertFalse(Files.exists(Path.of("elsewhere")));
    }

    @Test
    void shouldMeasureWhatAPatternStandsForBesideBothLimits() throws Exception {
        Path json = temp.resolve("report.json");

        Cli bench = bench("--work", "cold-batch-*,cold-100", "--set", "wal.fsync=batch", "--json", json)
                .ends(0)
                .prints("cold-batch-1000", "batch, sync() after each", "limit    of cold-100: R", "cold-100: S");

        assertFalse(bench.out().contains("prepared"), bench::out);
        assertEquals(
                List.of("cold-batch-10", "cold-batch-100", "cold-batch-1000", "cold-100"), strings(json, "workload"));
        assertEquals(8, strings(json, "name").size(), bench::out);
    }

    @Test
    void shouldSayWhatItDoesNotKnow() {
        bench("--work", "cold-x*").ends(2).complains("--work cold-x*", "cold-100");
        bench("--work", "prepared-100,appendd").ends(2).complains("--work appendd", "available: cold-100", "many-logs");
        Cli.run("bench", "--scale", "immense").ends(2).complains("--scale");
        Cli.run("bench", "--runs", 0).ends(2).complains("--runs 0");
        bench("--keep", -1).ends(2).complains("--keep -1");
        bench("--keep", Integer.MAX_VALUE).ends(2).complains("no room for so many GiB");
        bench("--dir", temp.resolve("none")).ends(2).complains("is not a directory");
        bench("--json", temp.resolve("none").resolve("a.json")).ends(2).complains("is not there");
        bench("--set", "wal.storage=memory").ends(2).complains("wal.storage");
        bench("--set", "wal.nonsense=1").ends(2).complains("wal.nonsense");
    }

    @Test
    void shouldTellWhatCouldNotBeMeasuredAndMeasureTheRest() throws Exception {
        Path json = temp.resolve("report.json");

        bench(
                        "--work",
                        "prepared-1k,prepared-100",
                        "--set",
                        "wal.record.max.value.bytes=500",
                        "--dir",
                        temp,
                        "--json",
                        json)
                .ends(1)
                .prints("FAILED   prepared-1k", "wal.record.max.value.bytes", "prepared-100");

        assertTrue(strings(json, "failed").get(0).contains("RecordTooLarge"));
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(List.of(json), left.toList());
        }
    }

    private static Cli bench(Object... args) {
        List<Object> all = new ArrayList<>(List.of("bench", "--scale", "tiny", "--runs", 1));
        all.addAll(List.of(args));
        return Cli.run(all.toArray());
    }

    /** {@return the elements of a document whose tags match} */
    private static List<String> wellFormed(String xml) {
        List<String> elements = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>();
        Matcher tag = TAG.matcher(xml);
        while (tag.find()) {
            if (tag.group(1).isEmpty()) {
                elements.add(tag.group(2));
                open.push(tag.group(2));
            }
            if (!tag.group(1).isEmpty() || !tag.group(3).isEmpty()) {
                assertEquals(open.pop(), tag.group(2), tag::group);
            }
        }
        assertTrue(open.isEmpty(), open::toString);
        assertFalse(TAG.matcher(xml).replaceAll("").matches("(?s).*([<>]|&(?!(amp|lt|gt);)).*"));
        return elements;
    }

    private static void assertEmpty(Path directory) throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static List<String> strings(Path json, String field) throws IOException {
        List<String> found = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING && field.equals(parser.currentName())) {
                    found.add(parser.getText());
                }
            }
        }
        return found;
    }
}
