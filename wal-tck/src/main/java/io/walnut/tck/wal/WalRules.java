package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalRecord;
import io.walnut.tck.kit.Kit;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What all themes have in common: a log for each rule, compared with its model when the rule has run. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WalRules {
    static final String MAX_KEY = "wal.record.max.key.bytes";
    static final String MAX_VALUE = "wal.record.max.value.bytes";
    static final String MAX_BATCH = "wal.batch.max.bytes";
    static final String MAX_UNSYNCED = "wal.unsynced.max.bytes";
    static final String SEGMENT = "wal.segment.bytes";
    private static final int SMALL_SEGMENT = 64 << 10;
    private static final int ENOUGH = 8 << 20;

    private final List<Session> sessions = new ArrayList<>();
    private Path temp;
    private Random random;

    WalRules() {}

    abstract WalKit kit();

    @BeforeEach
    final void begin(TestInfo info, @TempDir Path directory) {
        temp = directory;
        random = Kit.random(info.getTestMethod().map(Method::getName).orElse(""));
        sessions.add(session("log"));
        info.getTestMethod().ifPresent(this::checkNeeds);
    }

    /** Closes, reads offline, opens again and compares with the model: after every rule. */
    @AfterEach
    final void end() {
        sessions.forEach(Session::check);
    }

    private void checkNeeds(Method rule) {
        Needs needs = rule.getAnnotation(Needs.class) != null
                ? rule.getAnnotation(Needs.class)
                : rule.getDeclaringClass().getAnnotation(Needs.class);
        if (needs != null) {
            Session aside = session("capabilities");
            try (Wal wal = aside.provider().open(aside.config())) {
                if (!wal.capabilities().contains(needs.value())) {
                    throw new TestAbortedException("the backend does not claim " + needs.value());
                }
            }
        }
    }

    private Session session(String name) {
        Map<String, String> keys = new HashMap<>(kit().keys());
        keys.putAll(kit().settings());
        return new Session(kit().provider(), keys, temp.resolve(name));
    }

    /** The log of this rule. */
    final Session log() {
        return sessions.get(0);
    }

    /** Another log, looked after in the same way. */
    final Session another(String name) {
        Session another = session(name);
        sessions.add(another);
        return another;
    }

    /** A directory for whatever else. */
    final Path directory(String name) {
        return temp.resolve(name);
    }

    final Random random() {
        return random;
    }

    /** Skips the rule where the backend does not know a key, else says it for the log. */
    final void say(String key, long value) {
        if (!log().knows(key, Long.toString(value))) {
            throw new TestAbortedException("the backend does not know the key " + key);
        }
        log().say(key, Long.toString(value));
    }

    /** Makes segments small, where the backend can be told so and they are not. */
    final void smallSegments() {
        String configured = log().key(SEGMENT, "");
        boolean small = configured.matches("[0-9]+") && Long.parseLong(configured) <= 4 * SMALL_SEGMENT;
        if (!small && log().knows(SEGMENT, Integer.toString(SMALL_SEGMENT))) {
            log().say(SEGMENT, Integer.toString(SMALL_SEGMENT));
        }
    }

    /** Appends until the log has so many segments, or skips the rule if that takes too much. */
    final List<Position> fill(Wal wal, int segments) {
        List<Position> positions = new ArrayList<>();
        for (int bytes = 0; wal.segments().size() < segments; bytes += 5_000) {
            if (bytes > ENOUGH) {
                throw new TestAbortedException(
                        "the backend keeps 8 MiB in " + wal.segments().size() + " segment(s)");
            }
            positions.add(wal.append(record(positions.size(), 5_000)));
        }
        return positions;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static WalRecord record(int number) {
        return WalRecord.put(bytes("key-" + number), bytes("value-" + number));
    }

    /** A record whose value cannot be compressed. */
    final WalRecord record(int number, int valueBytes) {
        return WalRecord.put(bytes("key-" + number), noise(valueBytes));
    }

    final byte[] noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    static List<WalRecord> records(int from, int count) {
        List<WalRecord> records = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            records.add(record(i));
        }
        return records;
    }

    static List<Position> append(Wal wal, List<WalRecord> records) {
        return records.stream().map(wal::append).toList();
    }

    static List<Entry> entries(Wal wal) {
        return Session.entries(wal);
    }

    static void assertHolds(Wal wal, List<WalRecord> expected) {
        List<Entry> found = entries(wal);
        assertEquals(expected.size(), found.size(), "how many records there are");
        for (int i = 0; i < found.size(); i++) {
            ReferenceLog.assertSame(expected.get(i), found.get(i));
        }
    }

    /** Fails unless an append was rejected before anything of it was written, for this reason. */
    static <E extends WalException> E assertRejected(Class<E> type, WalException.Reason reason, Executable append) {
        E refused = assertThrows(type, append);
        assertEquals(reason, refused.reason(), () -> "the reason of " + refused);
        assertEquals(WalException.Outcome.REJECTED, refused.outcome(), () -> "the outcome of " + refused);
        return refused;
    }

    /** What a failed future failed with. */
    static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }
}
