package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Checkpoints;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.engine.archive.DirectoryArchiverProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.SegmentArchiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files and links that no log created: never in the way, never followed, never deleted. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "links and some of the names are not to be had there")
class OddFilesTest {
    private static final List<String> STRAYS = List.of(
            ".DS_Store",
            ".nfs000000000123",
            "notes of mine.txt",
            "notes.txt",
            "0000000001.wal.bak",
            "0000000001.5880 (copy).torn",
            "._0000000001.5880.torn",
            "mine.torn",
            "my notes.dropped",
            "Report.dropped",
            "STATE~");

    @TempDir
    Path temporary;

    private WalConfig group() {
        return WalConfig.builder(temporary.resolve("root")).build();
    }

    private static Set<String> strew(Path directory, Path linked) throws IOException {
        Set<String> before = Files.isDirectory(directory) ? names(directory) : Set.of();
        Files.createDirectories(directory);
        for (String name : STRAYS) {
            Files.writeString(directory.resolve(name), "mine");
        }
        Files.createDirectories(directory.resolve("lost+found"));
        Files.writeString(Files.createDirectories(directory.resolve("other")).resolve("mine.txt"), "mine");
        Files.createSymbolicLink(directory.resolve("linked"), linked);
        Files.createSymbolicLink(directory.resolve("0000000077.wal"), linked.resolve("0000000001.wal"));
        Set<String> strewn = names(directory);
        strewn.removeAll(before);
        return strewn;
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new TreeSet<>(
                    files.map(each -> each.getFileName().toString()).toList());
        }
    }

    private Path outside() throws IOException {
        Path outside = Files.createDirectories(temporary.resolve("outside"));
        Files.writeString(outside.resolve("0000000001.wal"), "outside");
        Files.writeString(outside.resolve("0000000001.1.torn"), "outside");
        return outside;
    }

    private static void assertUntouched(Path outside) throws IOException {
        assertEquals(Set.of("0000000001.wal", "0000000001.1.torn"), names(outside));
        assertEquals("outside", Files.readString(outside.resolve("0000000001.wal")));
        assertEquals("outside", Files.readString(outside.resolve("0000000001.1.torn")));
    }

    @Test
    void aDroppedLogLeavesWhatIsNotItsOwn() throws IOException {
        Path outside = outside();
        Path root = temporary.resolve("root");
        try (WalGroup group = WalGroup.open(group())) {
            group.wal("a").append(put("a", "1"));
            group.wal("a").sync(); // so that its own files are all there
            Set<String> strays = strew(root.resolve("a"), outside);
            strew(root.resolve("a").resolve("quarantine"), outside);
            assertEquals(Set.of("a"), group.names());
            assertTrue(group.drop("a"));
            Set<String> left = names(root.resolve("a"));
            assertTrue(left.remove("quarantine"));
            assertEquals(strays, left);
            assertEquals("mine", Files.readString(root.resolve("a/other/mine.txt")));
            assertEquals(Set.of(), group.names());
            assertFalse(group.drop("a"));
            assertUntouched(outside);
            assertEquals(0, Logs.entries(group.wal("a")).size());
        }
    }

    @Test
    void aGroupOpensBesideStrayFilesInItsRoot() throws IOException {
        Path outside = outside();
        Path root = temporary.resolve("root");
        try (WalGroup group = WalGroup.open(group())) {
            group.wal("report").append(put("a", "1"));
        }
        Set<String> strays = strew(root, outside);
        Files.writeString(root.resolve("report.dropped"), "a report about what was dropped");
        Files.writeString(root.resolve("mine.wal"), "not a segment");
        try (WalGroup group = WalGroup.open(group())) {
            assertEquals(Set.of("report"), group.names());
            assertEquals(1, Logs.entries(group.wal("report")).size());
            WalException refused = assertThrows(WalException.class, () -> group.drop("report"));
            assertTrue(refused.getMessage().contains("report.dropped"), refused.getMessage());
        }
        assertTrue(names(root).containsAll(strays));
        assertEquals("a report about what was dropped", Files.readString(root.resolve("report.dropped")));
        assertUntouched(outside);
    }

    @Test
    void aKilledLogOpensWithStrayFilesInItsQuarantine() throws IOException {
        Path outside = outside();
        Path directory = tornLog();
        Set<String> strays = strew(directory, outside);
        Set<String> quarantined = strew(directory.resolve("quarantine"), outside);
        try (Wal wal = Wal.open(directory)) {
            assertEquals(1, Logs.entries(wal).size());
            assertTrue(wal.recovery().bytesTruncated() > 0);
            assertTrue(wal.recovery().truncation().orElseThrow().quarantine().isPresent());
        }
        assertTrue(names(directory).containsAll(strays));
        assertTrue(names(directory.resolve("quarantine")).containsAll(quarantined));
        assertUntouched(outside);
    }

    @Test
    void aLinkedQuarantineIsNotFollowed() throws IOException {
        Path outside = outside();
        Path directory = tornLog();
        Files.createSymbolicLink(directory.resolve("quarantine"), outside);
        try (Wal wal = Wal.open(directory)) {
            assertEquals(1, Logs.entries(wal).size());
            assertTrue(wal.recovery().truncation().orElseThrow().quarantine().isEmpty());
            String notes = wal.recovery().notes().toString();
            assertTrue(notes.contains("quarantine is a link"), notes);
        }
        assertUntouched(outside);
    }

    @Test
    void aLinkedLogOfAGroupIsNeitherOpenedNorDropped() throws IOException {
        Path root = temporary.resolve("root");
        Path elsewhere = temporary.resolve("elsewhere");
        try (Wal wal = Wal.open(elsewhere)) {
            wal.append(put("a", "1"));
        }
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("a"), elsewhere);
        try (WalGroup group = WalGroup.open(group())) {
            assertEquals(Set.of(), group.names());
            WalException refused = assertThrows(WalException.class, () -> group.wal("a"));
            assertTrue(refused.getMessage().contains(" is a link"), refused.getMessage());
            refused = assertThrows(WalException.class, () -> group.drop("a"));
            assertTrue(refused.getMessage().contains(" is a link"), refused.getMessage());
        }
        assertTrue(Files.isSymbolicLink(root.resolve("a")));
        try (Wal wal = Wal.open(elsewhere)) {
            assertEquals(List.of("a"), Logs.keys(wal));
        }
    }

    @Test
    void aLinkedStateFileIsAnErrorAndNoNewLog() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
        }
        Path state = directory.resolve("STATE");
        Path moved = Files.move(state, temporary.resolve("STATE"));
        Files.createSymbolicLink(state, moved);
        WalException refused = assertThrows(WalException.class, () -> Wal.open(directory));
        assertTrue(refused.getMessage().contains("STATE is no plain file"), refused.getMessage());
        Files.delete(state);
        Files.move(moved, state);
        try (Wal wal = Wal.open(directory)) {
            assertEquals(List.of("a"), Logs.keys(wal));
        }
    }

    @Test
    void anArchiveThatIsTheLogItselfByALinkIsRefused() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1"));
        }
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
        WalConfig linked = archiving(directory, link);
        WalConfigException refused = assertThrows(WalConfigException.class, () -> Wal.open(linked));
        assertTrue(refused.getMessage().contains("the log itself is in "), refused.getMessage());
    }

    @Test
    void anArchiveThatBecomesALinkToTheLogTakesNothing() throws IOException {
        Path directory = temporary.resolve("log");
        Path archive = Files.createDirectories(temporary.resolve("archive"));
        ManualTime time = new ManualTime();
        DirectoryArchiverProvider provider = new DirectoryArchiverProvider();
        SegmentArchiver archiver = provider.create(
                provider.config().resolve("", new TreeMap<>(Map.of("path", archive.toString())), Assertions::fail),
                new PluginContext(directory, "log", "", time));
        try (Wal wal = Engine.builder(directory)
                .archiver(archiver)
                .clock(time)
                .workers(time)
                .set("wal.segment.bytes", "64KiB")
                .open()) {
            wal.append(new byte[1], Logs.random(50_000, 1));
            Files.delete(archive);
            Files.createSymbolicLink(archive, directory);
            for (int i = 0; i < 3; i++) {
                wal.append(new byte[1], Logs.random(50_000, i));
            }
            time.pass(Duration.ofMinutes(1));
            assertFalse(wal.checkpoints().load(Checkpoints.ARCHIVED).isPresent(), "nothing counts as archived");
            assertEquals(4, Logs.entries(wal).size());
        }
    }

    private static WalConfig archiving(Path directory, Path archive) {
        return WalConfig.builder(directory)
                .set("wal.segment.bytes", "65536")
                .set("wal.archiver", "directory")
                .set("wal.archiver.directory.path", archive.toString())
                .build();
    }

    @Test
    void aPathGoesWhereTheOperatingSystemGoes() throws IOException {
        Path deep = Files.createDirectories(temporary.resolve("deep").resolve("below"));
        Files.createSymbolicLink(temporary.resolve("link"), deep);
        Path through = temporary.resolve("link").resolve("..").resolve("x");
        try (Wal wal = Wal.open(through)) {
            wal.append(put("a", "1"));
        }
        assertTrue(Files.isDirectory(temporary.resolve("deep").resolve("x"), LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(temporary.resolve("x")));
        try (Wal wal =
                Wal.open(temporary.resolve("new").resolve("..").resolve(".").resolve("y"))) {
            wal.append(put("b", "1"));
        }
        assertTrue(Files.isDirectory(temporary.resolve("y")));
    }

    /** {@return a log of one record and a torn one} */
    private Path tornLog() throws IOException {
        Path copy = temporary.resolve("killed");
        WalConfig config = WalConfig.builder(temporary.resolve("log"))
                .set("wal.fsync", "os")
                .build();
        try (Wal wal = Wal.open(config)) {
            wal.append(put("a", "1"));
            wal.sync();
            wal.append(put("torn", "1"));
            Logs.copyDrained(wal, temporary.resolve("log"), copy);
        }
        Path segment = Logs.segmentFiles(copy).get(0);
        byte[] bytes = Files.readAllBytes(segment);
        int last = bytes.length - 1;
        while (bytes[last] == 0) {
            last--;
        }
        bytes[last] ^= 1;
        Files.write(segment, bytes);
        return copy;
    }
}
