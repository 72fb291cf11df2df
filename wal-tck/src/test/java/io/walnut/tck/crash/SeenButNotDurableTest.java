package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.spi.StorageFile;
import io.walnut.tck.disk.CrashState;
import io.walnut.tck.disk.DiskHistory;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.Fault;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies at every operation, another one goes on with what it sees, and then the power goes: what the first one
 * had not forced goes with it, and nothing of the second one may have relied on that.
 */
@ExtendWith(Quiet.class)
class SeenButNotDurableTest {
    private static final int SEGMENT = 64 << 10;
    private static final int EXHAUSTIVE = 64;
    private static final int SAMPLED = 8;
    private static final int CALLS = 16;

    static List<DiskProfile> profiles() {
        List<DiskProfile> all =
                List.of(DiskProfile.STRICT, DiskProfile.TORN, DiskProfile.EXT4, DiskProfile.STRICT.mapping());
        return Budget.fromProperties().choose(all, 1, 0);
    }

    private static Position append(Wal wal, String key, int bytes) {
        return wal.append(key.getBytes(StandardCharsets.UTF_8), new byte[bytes]);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void aTruncationIsNotReplacedByTheNextBeforeItIsDone(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        Position kept = append(wal, "1", 10);
        append(wal, "2", 700);
        append(wal, "3", 10);
        wal.truncateAfter(kept);

        live(disk, EXHAUSTIVE, second -> {
            Position last = append(second, "4", 10);
            append(second, "5", 10);
            second.sync();
            second.truncateAfter(last);
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void deletionsAreNotForgottenWhileTheNextIsNoted(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        append(wal, "1", SEGMENT);
        for (int i = 2; i < 5; i++) {
            append(wal, String.valueOf(i), SEGMENT); // which makes the deletion before it durable
            wal.deleteSegmentsBefore(wal.segments().get(1).start());
        }

        live(disk, EXHAUSTIVE, second -> {
            append(second, "more", SEGMENT);
            second.deleteSegmentsBefore(second.end());
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theNameOfTheCheckpointsIsDurableWhenTheyAre(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        wal.checkpoints().save("here", append(wal, "1", 10));
        wal.checkpoints().flush();

        live(disk, EXHAUSTIVE, second -> {
            second.checkpoints().save("here", second.end());
            second.checkpoints().flush();
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void theCheckpointsOfAnEarlierLifeAreDurableWhenTheyAreFlushed(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        for (String key : List.of("1", "2")) {
            wal.checkpoints().save("here", append(wal, key, 10));
            wal.checkpoints().flush();
        }

        live(disk, EXHAUSTIVE, second -> second.checkpoints().flush());
        live(disk, EXHAUSTIVE, Wal::close);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void aContinuationThatWasTakenBackStaysAway(DiskProfile profile) {
        for (int call = 0; call < CALLS; call++) {
            SimulatedDisk disk = new SimulatedDisk(profile);
            Wal first = EngineOnDisk.open(disk);
            append(first, "1", 10);
            first.close();
            Wal continued = EngineOnDisk.open(disk.afterKill());
            assertTrue(continued.recovery().clean());
            SimulatedDisk again = disk.afterKill();
            Wal wal = EngineOnDisk.open(again);
            again.inject(new Fault(Fault.Kind.ERROR, call, false));
            try {
                append(wal, "2", 10);
            } catch (WalException e) {
                again.inject(null);
            }

            live(again, EXHAUSTIVE, second -> {
                append(second, "large", SEGMENT - 8192);
                second.sync();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void aSegmentThatARecoveryRemovedStaysAway(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        append(wal, "1", 10);
        wal.sync();
        int synced = disk.operations();
        append(wal, "2", 700);
        append(wal, "large", SEGMENT);

        recover(disk, synced, second -> {});
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void nothingIsContinuedBeforeASegmentThatCanComeBack(DiskProfile profile) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        append(wal, "1", 10);
        wal.close();
        int closed = disk.operations();
        append(EngineOnDisk.open(disk), "large", SEGMENT);

        recover(disk, closed, second -> {
            append(second, "2", 10);
            second.close();
        });
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void whatIsKeptBeforeDamageIsDurableBeforeTheLineThatSaysSo(DiskProfile profile) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Wal wal = EngineOnDisk.open(disk);
        append(wal, "1", 10);
        wal.sync();
        append(wal, "2", SEGMENT - 8192);
        SimulatedDisk killed = disk.afterKill();
        try (StorageFile next = killed.open("0000000002.wal")) {
            next.write(ByteBuffer.allocate(10), 0);
            next.force();
        }
        EngineConfigurations.named("channel-none-os-none").openLeavingDamage(killed);

        DiskHistory history = killed.history();
        while (history.advance()) {
            for (CrashState cut : history.powerCuts(history.position(), EXHAUSTIVE, SAMPLED)) {
                try {
                    EngineOnDisk.open(cut.disk());
                } catch (WalCorruptException e) {
                    String message = e.getMessage() + " after " + history.operation() + ", " + cut.id();
                    assertTrue(message.contains("0000000002.wal cannot be used"), message);
                }
            }
        }
    }

    /** Cuts the power after every operation, and lives on after every operation of the recovery from that. */
    private static void recover(SimulatedDisk disk, int from, Consumer<Wal> second) {
        DiskHistory history = disk.history();
        while (history.advance()) {
            if (history.position() > from && history.operation().kind().changes()) {
                for (CrashState cut : history.powerCuts(from, 0, SAMPLED)) {
                    EngineOnDisk.open(cut.disk());
                    live(cut.disk(), 0, second);
                }
            }
        }
    }

    /** Lives on after every operation, then cuts the power: while it is opened, and at the end. */
    private static void live(SimulatedDisk disk, int exhaustive, Consumer<Wal> second) {
        DiskHistory history = disk.history();
        while (history.advance()) {
            if (history.operation().kind().changes()) {
                String where = "killed after " + history.operation();
                try {
                    liveOn(history.killed(), exhaustive, second, where);
                } catch (RuntimeException e) {
                    throw new AssertionError(where + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static void liveOn(SimulatedDisk disk, int exhaustive, Consumer<Wal> second, String where) {
        Wal wal = EngineOnDisk.open(disk);
        int opened = disk.operations();
        second.accept(wal);
        String there = content(disk.afterKill(), where);
        DiskHistory history = disk.history();
        while (history.position() < opened && history.advance()) {
            if (history.operation().kind().changes()) {
                for (CrashState cut : history.powerCuts(opened, exhaustive, SAMPLED)) {
                    content(cut.disk(), where + ", then a power cut after " + history.operation() + ", " + cut.id());
                }
            }
        }
        for (CrashState cut : disk.powerCuts(opened, exhaustive, SAMPLED)) {
            String after = where + ", at the end a power cut, " + cut.id();
            assertEquals(there, content(cut.disk(), after), after);
        }
    }

    private static String content(SimulatedDisk disk, String where) {
        try {
            return content(EngineOnDisk.open(disk));
        } catch (RuntimeException e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        }
    }

    private static String content(Wal wal) {
        StringBuilder content = new StringBuilder();
        try (WalReader reader = wal.read(Position.START)) {
            reader.forEach(entry -> content.append(entry.position())
                    .append('=')
                    .append(new String(entry.record().keyBytes(), StandardCharsets.UTF_8))
                    .append(' '));
        }
        return content.append(wal.checkpoints().load("here")).toString();
    }
}
