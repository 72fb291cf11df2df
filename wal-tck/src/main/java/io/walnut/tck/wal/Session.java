package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalProvider;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** One log during one rule: how it is opened, what it was told, and whether all of it is there at the end. */
final class Session {
    private final WalProvider provider;
    private final Map<String, String> base;
    private final Path directory;
    private final Map<String, String> said = new HashMap<>();
    private final ReferenceLog reference = new ReferenceLog();
    private final List<ShadowedWal> opened = new ArrayList<>();

    Session(WalProvider provider, Map<String, String> keys, Path directory) {
        this.provider = provider;
        this.base = new HashMap<>(keys);
        this.directory = directory;
        base.put("wal.dir", directory.toString());
        base.put("wal.backend", provider.name());
    }

    ReferenceLog reference() {
        return reference;
    }

    WalProvider provider() {
        return provider;
    }

    Path directory() {
        return directory;
    }

    /** The configuration with which the log is opened, and with more. */
    WalConfig config(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(base);
        values.putAll(said);
        values.putAll(more);
        return WalConfig.from(values);
    }

    WalConfig config() {
        return config(Map.of());
    }

    /** What was said for a key. */
    String key(String key, String otherwise) {
        return config().get(key).orElse(otherwise);
    }

    /** Says a key for all further opens of this log. */
    void say(String key, String value) {
        said.put(key, value);
    }

    /** Opens the log, shadowed. */
    Wal open() {
        return track(provider.open(config()));
    }

    /** As {@link #open()}, with futures completed by an executor. */
    Wal open(Executor executor) {
        return track(provider.open(config().toBuilder().executor(executor).build()));
    }

    private Wal track(Wal wal) {
        opened.removeIf(ShadowedWal::isClosed);
        ShadowedWal shadowed = new ShadowedWal(wal, reference);
        opened.add(shadowed);
        return shadowed;
    }

    /** Whether the backend knows a key; tried in a directory of its own. */
    boolean knows(String key, String value) {
        Path aside = directory.resolveSibling("aside-" + Integer.toHexString((key + value).hashCode()));
        try {
            provider.open(config(Map.of("wal.dir", aside.toString(), key, value)))
                    .close();
            return true;
        } catch (WalConfigException e) {
            if (e.problems().stream().anyMatch(problem -> problem.contains(key))) {
                return false;
            }
            throw e;
        }
    }

    static List<Entry> entries(Wal wal) {
        List<Entry> entries = new ArrayList<>();
        try (WalReader reader = wal.read(Position.START)) {
            reader.forEach(entries::add);
        }
        return entries;
    }

    /** Closes the log, reads it offline, opens it again, and compares it with the model each time. */
    void check() {
        if (opened.isEmpty()) {
            return;
        }
        opened.forEach(ShadowedWal::close);
        check(ReferenceLog.End.CLOSED);
    }

    /** As {@link #check()}, after the log came to another end. */
    void check(ReferenceLog.End end) {
        boolean closed = end == ReferenceLog.End.CLOSED;
        try (Wal wal = provider.open(config())) {
            List<Entry> found = entries(wal);
            reference.check(found, end);
            assertEquals(WalState.OPEN, wal.state());
            assertTrue(!closed || wal.recovery().clean(), "the log was closed, but its next recovery is not clean");
            assertTrue(
                    !closed || wal.recovery().truncation().isEmpty(),
                    () -> "opening a log that had been closed cut off "
                            + wal.recovery().truncation());
            assertEquals(found.size(), wal.recovery().records(), "the records that the recovery reports");
            checkNext(wal, found);
            if (wal.capabilities().contains(Capability.READ_ONLY_OPEN)) {
                try (Wal offline = provider.openReadOnly(config())) {
                    assertEquals(found, entries(offline), "what a read-only open finds beside it");
                    checkNext(offline, found);
                }
            }
        }
        opened.clear();
    }

    private static void checkNext(Wal wal, List<Entry> found) {
        if (!found.isEmpty() && wal.capabilities().contains(Capability.NEXT_SEQUENCE)) {
            assertEquals(
                    found.get(found.size() - 1).sequence() + 1, wal.nextSequence(), "the sequence of the next record");
        }
    }
}
