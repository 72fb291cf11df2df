package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SessionStoreTest {
    private static final long SEED = 17;
    private static final int IDS = 6;
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Instant BEGIN = Instant.parse("2021-03-04T05:06:07Z");

    @TempDir(factory = FastDirectory.class)
    Path temp;

    private Instant now = BEGIN;
    private final InstantSource clock = () -> now;

    @Test
    void shouldHaveTheSessionsThatHaveNotEndedWhereverItIsKilled() throws IOException {
        Lives.killEverywhere(temp, SEED, 50, Visitors::new);
    }

    private static final class Visitors implements Lives.Program {
        private final Map<String, Instant> ends = new HashMap<>();
        private String touched = "";
        private Instant now = BEGIN;

        @Override
        public void run(Lives.Life life) {
            Random random = new Random(SEED);
            SessionStore store = new SessionStore(life.open(Lives.smallSegments(life.root())), LIFETIME, () -> now);
            for (int i = 0; i < 60; i++) {
                now = now.plusSeconds(random.nextInt(600));
                touched = "id-" + random.nextInt(IDS);
                if (random.nextInt(4) == 0) {
                    store.end(touched);
                    ends.remove(touched);
                } else {
                    store.put(touched, new byte[5_000]);
                    ends.put(touched, now.plus(LIFETIME));
                }
                store.forgetEnded();
            }
        }

        @Override
        public void check(Path root) {
            try (Wal wal = Wal.open(Lives.smallSegments(root))) {
                for (Duration later = Duration.ZERO; later.compareTo(LIFETIME) <= 0; later = later.plusMinutes(10)) {
                    Instant then = now.plus(later);
                    SessionStore store = new SessionStore(wal, LIFETIME, () -> then);
                    for (int i = 0; i < IDS; i++) {
                        String id = "id-" + i;
                        boolean lives = ends.getOrDefault(id, BEGIN).isAfter(then);
                        assertTrue(store.get(id).isPresent() == lives || id.equals(touched), id + " after " + later);
                    }
                }
            }
        }
    }

    @Test
    void shouldEndASessionThatIsNotUsedAndKeepOneThatIs() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            SessionStore store = new SessionStore(wal, LIFETIME, clock);
            store.put("idle", new byte[] {1});
            store.put("busy", new byte[] {2});
            now = now.plus(LIFETIME.minusSeconds(1));
            store.put("busy", new byte[] {3});
            assertTrue(store.get("idle").isPresent());
            now = now.plusSeconds(1);
            assertTrue(store.get("idle").isEmpty());
            assertArrayEquals(new byte[] {3}, store.get("busy").orElseThrow());
            store.forgetEnded();
            assertEquals(1, store.size());
        }
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            assertEquals(1, new SessionStore(wal, LIFETIME, clock).size(), "the same after a restart");
            now = now.plus(LIFETIME);
            assertEquals(0, new SessionStore(wal, LIFETIME, clock).size(), "whose time counts too");
        }
    }

    @Test
    void shouldNotShowAnEndedSessionAgainWhenLifetimesHaveBecomeShorter() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            new SessionStore(wal, LIFETIME, clock).put("id", new byte[] {1});
            SessionStore shorter = new SessionStore(wal, Duration.ofMinutes(1), clock);
            shorter.put("id", new byte[] {2});
            shorter.end("id");
            now = now.plus(LIFETIME.dividedBy(2));
            assertTrue(new SessionStore(wal, LIFETIME, clock).get("id").isEmpty());
        }
    }

    @Test
    void shouldTakeNoSpaceForSessionsThatHaveEnded() {
        WalConfig config = SessionStore.config(temp).toBuilder()
                .segmentBytes(64 << 10)
                .set("wal.retention.interval", "1ms")
                .build();
        try (Wal wal = Wal.open(config)) {
            SessionStore store = new SessionStore(wal, LIFETIME, clock); // whose sessions ended years ago
            for (int i = 0; i < 100; i++) {
                store.put("id-" + i, new byte[5_000]);
                store.end("id-" + i);
            }
            while (wal.segments().size() > 1) {
                Thread.onSpinWait(); // retention is at work
            }
            SessionStore lasting = new SessionStore(wal, LIFETIME, InstantSource.system());
            for (int i = 0; i < 100; i++) {
                lasting.put("id-" + i, new byte[5_000]);
            }
            assertTrue(wal.segments().size() > 5, "and those that live are kept");
        }
    }
}
