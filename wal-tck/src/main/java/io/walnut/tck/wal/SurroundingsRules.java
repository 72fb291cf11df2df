package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Resources and surroundings: threads, files, memory, interrupts, locale and time zone. */
abstract class SurroundingsRules extends WalRules {
    private static final int LIVES = 25;
    private static final int ROUNDS = 3;
    private static final int COLLECTIONS = 20;
    private static final int SLACK = 8;
    private static final long SLACK_BYTES = 8 << 20;

    SurroundingsRules() {}

    /** If this fails, look for files that stay open: of segments, locks, readers, directories. */
    @Test
    final void required_W821_leavesNoFileOpen() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            throw new TestAbortedException("open files cannot be counted here");
        }
        assertNothingGrows("open files", SLACK, system::getOpenFileDescriptorCount);
    }

    /** If this fails, look for threads that outlive their log: one for each life is a leak. */
    @Test
    final void required_W822_leavesNoThreadBehind() {
        assertNothingGrows("threads", SLACK, ManagementFactory.getThreadMXBean()::getThreadCount);
    }

    /** If this fails, look for what refers to closed logs: registries, shutdown hooks, thread locals, buffers. */
    @Test
    final void required_W823_leavesNoMemoryBehind() {
        smallSegments();
        assertNothingGrows("bytes on the heap", SLACK_BYTES, SurroundingsRules::usedBytes);
        List<WeakReference<Wal>> closed = new ArrayList<>();
        for (int i = 0; i < LIVES; i++) {
            closed.add(openAndClose(i));
        }
        for (int i = 0; i < COLLECTIONS && reachable(closed) >= SLACK; i++) {
            System.gc();
        }
        long kept = reachable(closed);
        if (kept >= SLACK && !collects()) {
            throw new TestAbortedException("this JVM does not free what nobody refers to when it is asked to");
        }
        assertTrue(kept < SLACK, () -> kept + " of " + LIVES + " logs are still referred to when closed");
    }

    private WeakReference<Wal> openAndClose(int number) {
        Wal opened = log().provider().open(log().config());
        try (Wal wal = new ShadowedWal(opened, log().reference())) {
            wal.append(record(number));
        }
        return new WeakReference<>(opened);
    }

    private static long reachable(List<WeakReference<Wal>> logs) {
        Set<Wal> reachable = Collections.newSetFromMap(new IdentityHashMap<>());
        logs.stream().flatMap(log -> Stream.ofNullable(log.get())).forEach(reachable::add);
        return reachable.size();
    }

    /** Whether this JVM frees what nobody refers to when it is asked to. */
    private static boolean collects() {
        WeakReference<Object> nobodys = new WeakReference<>(new Object());
        System.gc();
        return nobodys.get() == null;
    }

    /** What leaks grows each time; a pool of threads that was short of one in a busy moment does not. */
    private void assertNothingGrows(String what, long slack, LongSupplier inUse) {
        live(5);
        long more = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && more >= slack; round++) {
            long before = inUse.getAsLong();
            live(LIVES);
            more = inUse.getAsLong() - before;
        }
        String message = more + " more " + what + " after " + LIVES + " lives of a log";
        assertTrue(more < slack, message);
    }

    private void live(int lives) {
        for (int i = 0; i < lives; i++) {
            try (Wal wal = log().open();
                    WalReader reader = wal.read(Position.START)) {
                wal.append(record(i));
                wal.appendAsync(record(i)).join();
                assertTrue(reader.next());
            }
        }
    }

    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** If this fails, look at what an interrupt does to channels and waits: the call ends as ever, and the flag stays. */
    @Test
    final void required_W824_isNotHurtByAnInterrupt() {
        smallSegments();
        try (Wal wal = log().open()) {
            for (int i = 0; i < 40; i++) {
                Thread.currentThread().interrupt();
                wal.append(record(i, 3_000));
                assertFlag();
                wal.appendBatch(records(i, 2));
                assertFlag();
                wal.sync();
                assertFlag();
                try (WalReader reader = wal.read(Position.START)) {
                    assertTrue(reader.next());
                }
                assertFlag();
                assertTrue(Thread.interrupted());
            }
            assertEquals(120, entries(wal).size());
            Thread.currentThread().interrupt();
        } finally {
            assertTrue(Thread.interrupted(), "closing cleared the flag");
        }
    }

    private static void assertFlag() {
        assertTrue(Thread.currentThread().isInterrupted(), "a call cleared the interrupt flag");
    }

    /** If this fails, look for the default locale: in names of files, in numbers, in upper and lower case. */
    @Test
    final void required_W825_doesNotDependOnTheLocale() {
        Locale usual = Locale.getDefault();
        try {
            for (String tag : List.of("tr-TR", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "th-TH-u-ca-buddhist")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                liveAndReadInAllOf();
            }
        } finally {
            Locale.setDefault(usual);
        }
    }

    /** If this fails, look for the default time zone: what is stored is an instant. */
    @Test
    final void required_W826_doesNotDependOnTheTimeZone() {
        TimeZone usual = TimeZone.getDefault();
        try {
            for (String zone : List.of("Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                liveAndReadInAllOf();
            }
        } finally {
            TimeZone.setDefault(usual);
        }
    }

    private void liveAndReadInAllOf() {
        List<Entry> before;
        try (Wal wal = log().open()) {
            wal.append(record(0).withTtl(Duration.ofDays(1)));
            wal.append(WalRecord.delete(bytes("ıİiI")));
            assertEquals(wal.end(), Position.parse(wal.end().toString()));
            before = entries(wal);
        }
        try (Wal wal = log().open()) {
            assertEquals(before, entries(wal));
        }
    }

    /** If this fails, look at how many logs can be open at a time: threads, buffers and space of each. */
    @Test
    final void required_W827_keepsManyLogsOpenAtATime() {
        List<Session> sessions = new ArrayList<>();
        List<Wal> logs = new ArrayList<>();
        try {
            for (int i = 0; i < 12; i++) {
                sessions.add(another("log-" + i));
                logs.add(sessions.get(i).open());
                logs.get(i).append(record(i));
            }
            for (int i = 0; i < logs.size(); i++) {
                assertHolds(logs.get(i), List.of(record(i)));
            }
        } finally {
            logs.forEach(Wal::close);
        }
    }
}
