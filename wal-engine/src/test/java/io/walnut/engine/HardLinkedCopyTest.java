package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of a log's directory that share their files with it, as {@code cp -al} makes them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the names of a file are not counted there")
class HardLinkedCopyTest {
    @TempDir
    Path temporary;

    private Path original;
    private Path copy;

    @BeforeEach
    void places() {
        original = temporary.resolve("original");
        copy = temporary.resolve("copy");
    }

    private static WalConfig config(Path directory, String io) {
        return WalConfig.builder(directory)
                .set("wal.io", io)
                .set("wal.fsync", "batch")
                .set("wal.segment.bytes", "64KiB")
                .build();
    }

    private void link() throws IOException {
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.createLink(copy.resolve(file.getFileName()), file);
            }
        }
    }

    private static void append(Wal wal, int from, int to) {
        for (int i = from; i < to; i++) {
            wal.append(bytes("" + i), Logs.random(1000, i));
        }
    }

    private static List<Integer> numbers(Wal wal) {
        List<Integer> numbers = new ArrayList<>();
        for (Entry entry : Logs.entries(wal)) {
            int number = Integer.parseInt(new String(entry.record().keyBytes(), StandardCharsets.UTF_8));
            assertTrue(Arrays.equals(Logs.random(1000, number), entry.record().valueBytes()));
            numbers.add(number);
        }
        return numbers;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static Map<String, Integer> contents(Path directory) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void theCopyOpensThoughTheOriginalWentOn(String io) throws IOException {
        try (Wal wal = Wal.open(config(original, io))) {
            append(wal, 0, 200);
            wal.checkpoints().save("consumer", wal.end());
            wal.sync();
            link();
            append(wal, 200, 500);
            wal.checkpoints().save("consumer", wal.end());
            Position middle = wal.positionOf(300);
            wal.truncateAfter(middle);
            append(wal, 300, 400);
            wal.deleteSegmentsBefore(middle);
        }
        try (Wal wal = Wal.open(config(original, io))) {
            append(wal, 400, 410);
        }
        Map<String, Integer> before = contents(original);
        try (Wal wal = Wal.open(config(copy, io))) {
            List<Integer> found = numbers(wal);
            assertTrue(found.size() >= 200, () -> "" + found.size());
            assertEquals(range(0, found.size()), found);
            append(wal, found.size(), 600);
        }
        try (Wal wal = Wal.open(config(copy, io))) {
            assertEquals(range(0, 600), numbers(wal));
        }
        assertEquals(before, contents(original));
        try (Wal wal = Wal.open(config(original, io))) {
            List<Integer> found = numbers(wal);
            assertEquals(range(found.get(0), 410), found);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapped", "channel"})
    void nothingDoneToTheCopyChangesAnOriginalThatIsOpen(String io) throws IOException {
        try (Wal wal = Wal.open(config(original, io))) {
            append(wal, 0, 130);
            wal.sync();
            append(wal, 130, 150);
            link();
            try (Wal other = Wal.open(config(copy, io))) {
                assertEquals(range(0, 150), numbers(other));
                other.truncateAfter(other.positionOf(20));
                append(other, 20, 40);
            }
            append(wal, 150, 410);
            assertEquals(range(0, 410), numbers(wal));
        }
        try (Wal wal = Wal.open(config(original, io))) {
            assertEquals(range(0, 410), numbers(wal));
        }
        try (Wal wal = Wal.open(config(copy, io))) {
            assertEquals(range(0, 40), numbers(wal));
        }
    }

    @Test
    void nothingDoneToTheCopyChangesAnOriginalThatIsClosed() throws IOException {
        try (Wal wal = Wal.open(config(original, "mapped"))) {
            append(wal, 0, 70);
            wal.checkpoints().save("consumer", wal.end());
        }
        link();
        Map<String, Integer> before = contents(original);
        try (Wal wal = Wal.open(config(copy, "mapped"))) { // continues the last segment behind its footer
            append(wal, 70, 72);
            assertEquals(2, wal.segments().size());
            wal.checkpoints().save("consumer", wal.end());
        }
        try (Wal wal = Wal.open(config(copy, "mapped"))) {
            append(wal, 72, 200);
            wal.deleteSegmentsBefore(wal.positionOf(100));
            wal.truncateAfter(wal.positionOf(150));
        }
        assertEquals(before, contents(original));
    }

    @Test
    void nothingIsCutOffTheOriginalWhenTheCopyIsRecovered() throws IOException {
        Path killed = temporary.resolve("killed");
        WalConfig forced = config(original, "channel").toBuilder()
                .set("wal.fsync", "os")
                .set("wal.recovery", "truncate")
                .build();
        try (Wal wal = Wal.open(forced)) {
            append(wal, 0, 150);
            wal.sync();
            append(wal, 150, 160);
            Logs.copy(original, killed);
        }
        original = killed;
        Path last = Logs.segmentFiles(original).get(2); // behind it one may be prepared
        byte[] damaged = Files.readAllBytes(last);
        damaged[10_000] ^= 1;
        Files.write(last, damaged);
        link();
        Map<String, Integer> before = contents(original);
        try (Wal wal =
                Wal.open(forced.toBuilder().set("wal.dir", copy.toString()).build())) {
            int kept = numbers(wal).size();
            assertTrue(kept > 50 && kept < 150, () -> kept + " are kept before the damage");
            assertTrue(wal.recovery().bytesTruncated() > 0);
        }
        assertEquals(before, contents(original));
    }
}
