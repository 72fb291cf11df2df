package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sessions that end by themselves when they were not used for a time, and outlive a restart until then. Thread-safe. The log
 * belongs to the caller, who closes it.
 */
final class SessionStore {
    private record Session(byte[] data, Instant expires) {}

    private final Wal wal;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** Loads the sessions that have not ended. */
    SessionStore(Wal wal, Duration lifetime, InstantSource clock) {
        this.wal = wal;
        this.lifetime = lifetime;
        this.clock = clock;
        try (WalReader reader = wal.read(Position.START, ReadOptions.DEFAULT.skipExpired(clock))) {
            while (reader.next()) {
                String id = UTF_8.decode(reader.key()).toString();
                if (reader.kind() == WalRecord.Kind.DELETE) {
                    sessions.remove(id);
                } else {
                    sessions.put(
                            id,
                            new Session(
                                    reader.record().valueBytes(),
                                    reader.expiresAt().orElseThrow()));
                }
            }
        }
    }

    /** A log whose segments are deleted, in the background, when everything in them has expired. */
    static WalConfig config(Path directory) {
        return WalConfig.builder(directory)
                .set("wal.segment.bytes", "16MiB")
                .set("wal.segment.age", "10m")
                .set("wal.retention.expired", "true")
                .build();
    }

    /**
     * Begins a session, or changes it; from now on it lives for its whole time again. What is appended always outlives
     * what it replaces, even if lifetimes have become shorter: otherwise that would show again.
     */
    void put(String id, byte[] data) {
        sessions.compute(id, (same, old) -> {
            Instant now = clock.instant();
            Instant expires = now.plus(lifetime);
            if (old != null && old.expires.isAfter(expires)) {
                expires = old.expires;
            }
            wal.append(
                    WalRecord.put(id.getBytes(UTF_8), data).withTimestamp(now).withTtl(Duration.between(now, expires)));
            return new Session(data, expires);
        });
    }

    Optional<byte[]> get(String id) {
        return Optional.ofNullable(sessions.get(id)).filter(this::lives).map(Session::data);
    }

    /** Ends a session. The tombstone lives as long as what it hides could have, and no longer. */
    void end(String id) {
        sessions.computeIfPresent(id, (same, old) -> {
            Instant now = clock.instant();
            if (old.expires.isAfter(now)) {
                wal.append(WalRecord.delete(id.getBytes(UTF_8))
                        .withTimestamp(now)
                        .withTtl(Duration.between(now, old.expires)));
            }
            return null;
        });
    }

    /** Takes sessions that have ended out of memory; to be called now and then. */
    void forgetEnded() {
        sessions.values().removeIf(session -> !lives(session));
    }

    /** {@return how many sessions are in memory} */
    int size() {
        return sessions.size();
    }

    private boolean lives(Session session) {
        return session.expires.isAfter(clock.instant());
    }
}
