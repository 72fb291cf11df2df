package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.tck.crash.EngineOnDisk;
import io.walnut.tck.disk.CrashState;
import io.walnut.tck.disk.DiskHistory;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code LogStorage} of SOFAJRaft demands, and what a crash must leave of it. */
class RaftLogStorageTest {
    private static final long SEED = 1914;

    @TempDir
    Path temp;

    private ConfigurationManager configurations = new ConfigurationManager();
    private RaftLogStorage log;

    @BeforeEach
    void open() {
        log = new RaftLogStorage(this::files);
        assertTrue(log.init(options(configurations)));
    }

    @AfterEach
    void close() {
        log.shutdown();
    }

    private Wal files() {
        return Wal.open(config().build());
    }

    private WalConfig.Builder config() {
        return WalConfig.builder(temp.resolve("log")).segmentBytes(64 << 10).fsync("os");
    }

    private void reopen() {
        log.shutdown();
        configurations = new ConfigurationManager();
        open();
    }

    private static LogStorageOptions options(ConfigurationManager configurations) {
        LogStorageOptions options = new LogStorageOptions();
        options.setGroupId("group");
        options.setConfigurationManager(configurations);
        options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
        return options;
    }

    private static LogEntry entry(long term, long index, int bytes) {
        LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
        entry.setId(new LogId(index, term));
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) (31 * term + index));
        entry.setData(ByteBuffer.wrap(data));
        return entry;
    }

    private static LogEntry configuration(long term, long index, int... ports) {
        LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
        entry.setId(new LogId(index, term));
        entry.setPeers(Arrays.stream(ports)
                .mapToObj(port -> new PeerId("localhost", port))
                .toList());
        return entry;
    }

    private static List<LogEntry> data(long term, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(index -> entry(term, index, 10))
                .toList();
    }

    /** What it tells of itself: its range, and each entry in it. */
    private static List<String> content(RaftLogStorage log) {
        List<String> content = new ArrayList<>();
        content.add("[" + log.getFirstLogIndex() + ", " + log.getLastLogIndex() + "]");
        for (long index = log.getFirstLogIndex(); index <= log.getLastLogIndex(); index++) {
            LogEntry entry = log.getEntry(index);
            if (entry != null) {
                assertEquals(index, entry.getId().getIndex());
                content.add(text(entry));
            }
        }
        return content;
    }

    private static String text(LogEntry entry) {
        ByteBuffer data = entry.getReadOnlyData();
        return entry.getId().getIndex() + "@" + entry.getId().getTerm()
                + (entry.getPeers() == null ? "" : " " + entry.getPeers())
                + (data == null ? "" : " of " + data.remaining() + " bytes " + data.hashCode());
    }

    private void assertHolds(long first, long last, List<LogEntry> entries) {
        List<String> expected = new ArrayList<>();
        expected.add("[" + first + ", " + last + "]");
        entries.forEach(entry -> expected.add(text(entry)));
        assertEquals(expected, content(log));
        assertNull(log.getEntry(first - 1));
        assertNull(log.getEntry(last + 1));
        reopen();
        assertEquals(expected, content(log));
    }

    @Test
    void anEmptyLogBeginsAtOneAndEndsAtNothing() {
        assertHolds(1, 0, List.of());
        assertNull(log.getEntry(100));
    }

    @Test
    void whatWasAppendedIsFoundByIndexInAnyOrder() {
        assertTrue(log.appendEntry(entry(1, 1, 10)));
        assertEquals(199, log.appendEntries(data(2, 2, 200)));
        assertEquals(0, log.appendEntries(List.of()));
        for (long index : new long[] {200, 1, 100, 101, 102, 99, 2, 200}) {
            assertEquals(index, log.getEntry(index).getId().getIndex());
        }
        assertEquals(1, log.getEntry(1).getId().getTerm());
        assertEquals(2, log.getEntry(200).getId().getTerm());
        assertHolds(
                1,
                200,
                Stream.concat(data(1, 1, 1).stream(), data(2, 2, 200).stream()).toList());
    }

    @Test
    void indexesMayBeginAnywhereAndBeLeftOut() {
        List<LogEntry> entries = LongStream.of(100, 200, 201, 203, 204, 205, 1000)
                .mapToObj(index -> entry(7, index, 5))
                .toList();
        entries.forEach(entry -> assertTrue(log.appendEntry(entry)));
        assertNull(log.getEntry(150));
        assertNull(log.getEntry(202));
        assertNull(log.getEntry(999));
        assertHolds(100, 1000, entries);
        assertTrue(log.truncateSuffix(202));
        assertHolds(100, 201, entries.subList(0, 3));
        assertTrue(log.truncatePrefix(150));
        assertHolds(200, 201, entries.subList(1, 3));
    }

    @Test
    void configurationsAreLoadedAgainWithTheirIndexes() {
        LogEntry joint = configuration(2, 3, 8081, 8082, 8083);
        joint.setOldPeers(configuration(1, 1, 8081, 8082).getPeers());
        log.appendEntry(configuration(1, 1, 8081, 8082));
        log.appendEntries(List.of(entry(1, 2, 10), joint, entry(2, 4, 10)));
        assertTrue(configurations.getLastConfiguration().isEmpty(), "it is the library that adds what it appends");
        reopen();
        assertEquals(
                new Configuration(joint.getPeers()),
                configurations.getLastConfiguration().getConf());
        assertEquals(
                new Configuration(joint.getOldPeers()),
                configurations.getLastConfiguration().getOldConf());
        assertEquals(new LogId(1, 1), configurations.get(2).getId());
        assertEquals(EntryType.ENTRY_TYPE_CONFIGURATION, log.getEntry(3).getType());
        assertEquals(joint, log.getEntry(3));

        log.truncateSuffix(2);
        reopen();
        assertEquals(new LogId(1, 1), configurations.getLastConfiguration().getId());
        log.truncatePrefix(2);
        reopen();
        assertTrue(configurations.getLastConfiguration().isEmpty());
    }

    @Test
    void aSuffixIsCutInTheMiddleOfABatchAndWrittenAgainByTheNextTerm() {
        log.appendEntries(data(1, 1, 10));
        assertTrue(log.truncateSuffix(5));
        assertHolds(1, 5, data(1, 1, 5));
        log.appendEntries(data(2, 6, 8));
        assertEquals(2, log.getEntry(6).getId().getTerm());
        assertTrue(log.truncateSuffix(8), "nothing lies behind it");
        assertHolds(
                1,
                8,
                Stream.concat(data(1, 1, 5).stream(), data(2, 6, 8).stream()).toList());
    }

    @Test
    void aSuffixThatIsEverythingLeavesTheBeginning() {
        log.appendEntries(data(1, 5, 9));
        assertTrue(log.truncateSuffix(4));
        assertHolds(5, 0, List.of());
        log.appendEntries(data(2, 5, 6));
        assertHolds(5, 6, data(2, 5, 6));
    }

    @Test
    void aPrefixIsDroppedToTheEntryAndItsSegmentsAreDeleted() throws Exception {
        for (long index = 1; index <= 100; index++) {
            log.appendEntry(entry(1, index, 5000));
        }
        long before = segments();
        assertTrue(log.truncatePrefix(78));
        assertEquals(78, log.getFirstLogIndex());
        assertTrue(segments() < before / 2, before + " segments became " + segments());
        assertTrue(log.truncatePrefix(20), "it is dropped already");
        List<LogEntry> left = LongStream.rangeClosed(78, 100)
                .mapToObj(index -> entry(1, index, 5000))
                .toList();
        assertHolds(78, 100, left);
        assertNull(log.getEntry(77));
    }

    private long segments() throws Exception {
        try (Stream<Path> files = Files.list(temp.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".wal")).count();
        }
    }

    @Test
    void aPrefixBeyondTheEndLeavesTheNextIndex() {
        log.appendEntries(data(1, 1, 10));
        assertTrue(log.truncatePrefix(50));
        assertHolds(50, 0, List.of());
        log.appendEntries(data(1, 50, 52));
        assertHolds(50, 52, data(1, 50, 52));
    }

    @Test
    void aResetLeavesTheEntryAtTheNextIndexOrAnEmptyOneInItsPlace() {
        log.appendEntry(configuration(1, 1, 8081));
        log.appendEntries(data(1, 2, 10));
        assertTrue(log.reset(5));
        assertHolds(5, 5, data(1, 5, 5));
        assertTrue(configurations.getLastConfiguration().isEmpty());

        assertTrue(log.reset(500));
        assertEquals(new LogId(500, 0), log.getEntry(500).getId());
        assertEquals(EntryType.ENTRY_TYPE_NO_OP, log.getEntry(500).getType());
        log.appendEntries(data(3, 501, 502));
        assertHolds(
                500,
                502,
                Stream.concat(Stream.of(log.getEntry(500)), data(3, 501, 502).stream())
                        .toList());
        assertTrue(log.reset(3), "backwards too");
        assertEquals("[3, 3]", content(log).get(0));
        assertThrows(IllegalArgumentException.class, () -> log.reset(0));
    }

    @Test
    void manyLargeEntriesAreThereBeforeAndAfterReopening() {
        int entries = 2_000;
        for (int first = 0; first < entries; first += 100) {
            List<LogEntry> batch = LongStream.range(first, first + 100)
                    .mapToObj(index -> entry(index, index, 16 << 10))
                    .toList();
            assertEquals(100, log.appendEntries(batch));
        }
        for (int life = 0; life < 2; life++) {
            for (int index = 0; index < entries; index++) {
                assertEquals(entry(index, index, 16 << 10), log.getEntry(index));
            }
            reopen();
        }
    }

    @Test
    void aLogThatHasFailedOrIsHeldByAnotherSaysSoByWhatItReturns() {
        RaftLogStorage second = new RaftLogStorage(this::files);
        assertFalse(second.init(options(new ConfigurationManager())));
        log.appendEntry(entry(1, 1, 10));
        assertFalse(log.appendEntry(entry(1, 2, 100 << 20)), "larger than a record may be");
        log.appendEntry(entry(1, 2, 10));
        assertHolds(1, 2, data(1, 1, 2));
    }

    static Stream<DiskProfile> profiles() {
        return Stream.of(DiskProfile.STRICT, DiskProfile.EXT4, DiskProfile.TORN.mapping());
    }

    /** Wherever the power goes: each operation happened or did not, and those that had returned did. */
    @ParameterizedTest
    @MethodSource("profiles")
    void aCrashLeavesEachOperationWholeOrNotAtAll(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        List<List<String>> contents = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        RaftLogStorage first = on(disk);
        contents.add(content(first));
        ends.add(disk.operations());
        for (Supplier<Boolean> each : life(first)) {
            assertTrue(each.get());
            contents.add(content(first));
            ends.add(disk.operations());
        }
        first.shutdown();

        DiskHistory history = disk.history();
        Set<List<Object>> seen = new HashSet<>();
        int lives = 0;
        while (history.advance()) {
            int position = history.position();
            int done = (int) ends.stream().filter(end -> end <= position).count() - 1;
            int begun = Math.min(done + 1, contents.size() - 1);
            List<CrashState> states = new ArrayList<>(history.powerCuts(SEED, 8, 6));
            states.add(new CrashState("killed", history.fingerprint(), history.killed()));
            for (CrashState state : states) {
                if (!seen.add(List.of(state.fingerprint(), done))) {
                    continue;
                }
                lives++;
                String where = "cut after " + history.operation() + ", " + state.id() + " (seed " + SEED + ")";
                RaftLogStorage next = on(state.disk());
                List<String> found = content(next);
                List<String> least = contents.get(Math.max(0, done));
                assertTrue(
                        found.equals(least) || found.equals(contents.get(begun)),
                        () -> where + ": " + found + ", not " + least + " nor " + contents.get(begun));
                long more = next.getLastLogIndex() + 1;
                assertTrue(next.appendEntry(entry(99, more, 10)), where);
                assertEquals(99, next.getEntry(more).getId().getTerm(), where);
                next.shutdown();
            }
        }
        System.out.println(lives + " lives on " + profile + ", seed " + SEED);
        assertTrue(lives > 200, lives + " lives are too few");
    }

    private static List<Supplier<Boolean>> life(RaftLogStorage log) {
        return List.of(
                () -> log.appendEntry(configuration(1, 1, 8081)),
                () -> log.appendEntries(data(1, 2, 9)) == 8,
                () -> log.truncateSuffix(5),
                () -> log.appendEntries(List.of(entry(2, 6, 30_000), entry(2, 7, 30_000), entry(2, 8, 30_000))) == 3,
                () -> log.truncatePrefix(4),
                () -> log.appendEntry(entry(2, 9, 30_000)),
                () -> log.truncatePrefix(9),
                () -> log.reset(50),
                () -> log.appendEntries(data(3, 51, 53)) == 3,
                () -> log.truncateSuffix(51),
                () -> log.truncatePrefix(60),
                () -> log.appendEntries(data(4, 60, 62)) == 3);
    }

    private static RaftLogStorage on(SimulatedDisk disk) {
        RaftLogStorage log = new RaftLogStorage(() -> EngineOnDisk.open(disk));
        assertTrue(log.init(options(new ConfigurationManager())));
        return log;
    }
}
