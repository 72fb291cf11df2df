package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copy over a connection that is cut again and again ends up the same. */
@Timeout(120)
class ReplicationTest {
    private static final long SEED = 4711;
    private static final int RECORDS = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path temp;

    private Wal open(String name) {
        return Wal.open(WalConfig.builder(temp.resolve(name))
                .segmentBytes(64 << 10)
                .fsync("os")
                .build());
    }

    @Test
    void shouldEndWithTheSameRecordsHoweverOftenItIsCut() throws Exception {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        try (Wal original = open("original");
                Replication.Leader leader = new Replication.Leader(original);
                CutConnection cut = new CutConnection(leader.address(), random.nextLong())) {
            CompletableFuture<Void> appending = CompletableFuture.runAsync(() -> append(original, random));
            int lives = 0;
            for (long next = 1; next <= RECORDS; lives++) {
                try (Wal copy = open("copy")) {
                    for (int i = 0; i < 3 && next <= RECORDS; i++) {
                        next = Replication.follow(copy, cut.address(), PATIENCE);
                    }
                    copy.sync();
                }
            }
            appending.join();
            assertTrue(cut.cuts() > 20, () -> "cut only " + cut.cuts() + " times");
            assertTrue(lives > 5, "the copy was opened only " + lives + " times");
            try (Wal copy = open("copy")) {
                assertSame(entries(original), entries(copy));
            }
        }
    }

    @Test
    void shouldGoOnWhereEverythingWasDeletedOnEitherSide() throws Exception {
        try (Wal original = open("original");
                Replication.Leader leader = new Replication.Leader(original);
                Wal copy = open("copy")) {
            for (int round = 0; round < 3; round++) {
                original.append(new byte[1], new byte[round]);
                original.sync();
                while (Replication.follow(copy, leader.address(), SHORT) < round + 2) {}
                assertEquals(round + 2, Replication.follow(copy, leader.address(), SHORT), "nothing comes twice");
                if (round != 1) {
                    original.deleteSegmentsBefore(original.end());
                }
                if (round != 0) {
                    copy.deleteSegmentsBefore(copy.end());
                }
            }
        }
    }

    private static void append(Wal wal, Random random) {
        for (int i = 0; i < RECORDS; i++) {
            byte[] key = ("key-" + random.nextInt(100)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] value = new byte[random.nextInt(200)];
            random.nextBytes(value);
            switch (random.nextInt(4)) {
                case 0 -> wal.append(WalRecord.delete(key));
                case 1 -> wal.append(WalRecord.put(key, value).withTtl(Duration.ofDays(1)));
                case 2 -> wal.append(WalRecord.put(key, value).withVersion(7, i));
                default -> wal.append(key, value);
            }
            if (i % 50 == 0 || i == RECORDS - 1) {
                wal.sync();
            }
        }
    }

    private static List<Entry> entries(Wal wal) {
        List<Entry> entries = new ArrayList<>();
        try (WalReader reader = wal.read(Position.START)) {
            reader.forEach(entries::add);
        }
        return entries;
    }

    private static void assertSame(List<Entry> expected, List<Entry> found) {
        assertEquals(RECORDS, expected.size());
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            WalRecord one = expected.get(i).record();
            WalRecord other = found.get(i).record();
            assertEquals(expected.get(i).sequence(), found.get(i).sequence());
            assertEquals(one.kind(), other.kind());
            assertArrayEquals(one.keyBytes(), other.keyBytes());
            assertArrayEquals(one.valueBytes(), other.valueBytes());
            assertEquals(one.timestamp(), other.timestamp());
            assertEquals(one.ttl(), other.ttl());
            assertEquals(one.version(), other.version());
            assertTrue(
                    i == 0 || found.get(i - 1).position().compareTo(found.get(i).position()) < 0);
        }
    }

    /** Passes bytes on, and cuts each connection after some of them. */
    private static final class CutConnection implements AutoCloseable {
        private static final int MOST = 20_000;

        private final InetSocketAddress target;
        private final Random random;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger cuts = new AtomicInteger();

        CutConnection(InetSocketAddress target, long seed) throws IOException {
            this.target = target;
            this.random = new Random(seed);
            run(() -> {
                while (true) {
                    pass(server.accept(), random.nextInt(MOST));
                }
            });
        }

        InetSocketAddress address() {
            return (InetSocketAddress) server.getLocalSocketAddress();
        }

        int cuts() {
            return cuts.get();
        }

        private void pass(Socket near, int bytes) throws IOException {
            Socket far = new Socket(target.getAddress(), target.getPort());
            run(() -> {
                try (near;
                        far) {
                    near.getInputStream().transferTo(far.getOutputStream());
                }
            });
            run(() -> {
                try (near;
                        far) {
                    InputStream in = far.getInputStream();
                    OutputStream out = near.getOutputStream();
                    byte[] buffer = new byte[512];
                    for (int left = bytes; left > 0; ) {
                        int read = in.read(buffer, 0, Math.min(left, buffer.length));
                        if (read < 0) {
                            return;
                        }
                        out.write(buffer, 0, read);
                        left -= read;
                    }
                    cuts.incrementAndGet();
                }
            });
        }

        private interface Task {
            void run() throws IOException;
        }

        private static void run(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    // cut
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
