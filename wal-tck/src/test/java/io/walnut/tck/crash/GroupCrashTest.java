package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalGroup;
import io.walnut.api.WalReader;
import io.walnut.tck.disk.CrashState;
import io.walnut.tck.disk.DiskHistory;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import io.walnut.tck.kit.Daily;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a crash comes while a log is dropped, and again while that is finished: it is whole, or gone for good. */
class GroupCrashTest {
    private static final long SEED = 20260;
    private static final int EXHAUSTIVE = 24;
    private static final int SAMPLED = 10;
    private static final int RECORDS = 5;

    /** Where in the history what was done. */
    private record Marks(int dropBegins, int dropEnds, int newAgain) {}

    static List<DiskProfile> profiles() {
        List<DiskProfile> all = Stream.of(DiskProfile.STRICT, DiskProfile.EXT4, DiskProfile.TORN.mapping())
                .map(DiskProfile::grouped)
                .toList();
        return Daily.share(GroupCrashTest.class, all, 1, 0);
    }

    private static void append(Wal wal, String... keys) {
        for (String key : keys) {
            wal.append(key.getBytes(StandardCharsets.UTF_8), new byte[10]);
        }
        wal.sync();
    }

    private static String[] numbers() {
        return IntStream.range(0, RECORDS).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static List<String> keys(Wal wal) {
        List<String> keys = new ArrayList<>();
        try (WalReader reader = wal.read(Position.START)) {
            reader.forEach(entry -> keys.add(new String(entry.record().keyBytes(), StandardCharsets.UTF_8)));
        }
        return keys;
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldFindADroppedLogWholeOrGone(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Marks marks = life(disk);

        DiskHistory history = disk.history();
        Set<Long> seen = new HashSet<>();
        int lives = 0;
        while (history.advance()) {
            if (history.position() < marks.dropBegins) {
                continue;
            }
            for (CrashState state : states(history)) {
                if (seen.add(state.fingerprint() * 4 + phase(marks, history.position()))) {
                    lives++;
                    String where = "cut after " + history.operation() + ", " + state.id() + " (seed " + SEED + ")";
                    SimulatedDisk second = state.disk();
                    check(second, marks, history.position(), where);
                    if (history.position() <= marks.dropEnds) {
                        lives += thirdLives(second, where);
                    }
                }
            }
        }
        System.out.println(lives + " lives on " + profile + ", seed " + SEED);
        assertTrue(lives > 100, lives + " lives are too few");
    }

    private static Marks life(SimulatedDisk disk) {
        try (WalGroup group = EngineOnDisk.openGroup(disk)) {
            append(group.wal("a"), numbers());
            append(group.wal("b"), numbers());
            group.wal("a").close();
            append(group.wal("a"), "last");
            int begins = disk.operations();
            assertTrue(group.drop("a"));
            int ends = disk.operations();
            append(group.wal("a"), "new");
            return new Marks(begins, ends, disk.operations());
        }
    }

    private static int phase(Marks marks, int position) {
        return position <= marks.dropBegins ? 0 : position < marks.dropEnds ? 1 : position < marks.newAgain ? 2 : 3;
    }

    private static List<CrashState> states(DiskHistory history) {
        List<CrashState> states = new ArrayList<>(history.powerCuts(SEED, EXHAUSTIVE, SAMPLED));
        states.add(new CrashState("killed", history.fingerprint(), history.killed()));
        return states;
    }

    private static void check(SimulatedDisk disk, Marks marks, int position, String where) {
        try (WalGroup group = EngineOnDisk.openGroup(disk)) {
            assertEquals(List.of(numbers()), keys(group.wal("b")), where);
            List<String> whole = new ArrayList<>(List.of(numbers()));
            whole.add("last");
            boolean there = group.names().contains("a");
            List<String> found = there ? keys(group.wal("a")) : List.of();
            switch (phase(marks, position)) {
                case 0 -> assertEquals(whole, found, where);
                case 1 -> assertTrue(found.isEmpty() || found.equals(whole), where + ": " + found);
                case 2 -> assertTrue(found.isEmpty() || found.equals(List.of("new")), where + ": " + found);
                default -> assertEquals(List.of("new"), found, where);
            }
            append(group.wal("a"), "more");
            assertEquals("more", keys(group.wal("a")).get(found.size()), where);
        }
    }

    /** The machine dies again while the group is opened. */
    private static int thirdLives(SimulatedDisk second, String where) {
        int lives = 0;
        DiskHistory history = second.history();
        Set<Long> seen = new HashSet<>();
        while (history.advance()) {
            for (CrashState state : history.powerCuts(SEED, 8, 4)) {
                if (seen.add(state.fingerprint())) {
                    lives++;
                    String again = where + ", cut again after " + history.operation() + ", " + state.id();
                    try (WalGroup group = EngineOnDisk.openGroup(state.disk())) {
                        assertEquals(List.of(numbers()), keys(group.wal("b")).subList(0, RECORDS), again);
                        List<String> found = group.names().contains("a") ? keys(group.wal("a")) : List.of();
                        found = found.isEmpty() || !found.get(found.size() - 1).equals("more")
                                ? found
                                : found.subList(0, found.size() - 1);
                        assertTrue(found.isEmpty() || found.size() == RECORDS + 1, again + ": " + found);
                    }
                }
            }
        }
        return lives;
    }
}
