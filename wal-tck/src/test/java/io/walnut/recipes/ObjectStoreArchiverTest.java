package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ObjectStoreArchiverTest {
    @TempDir(factory = FastDirectory.class)
    Path temp;

    private final Store store = new Store();

    @BeforeEach
    void start() throws IOException {
        store.start();
    }

    @AfterEach
    void stop() {
        store.server.stop(0);
    }

    private WalConfig config(Path directory) {
        return WalConfig.builder(directory)
                .fsync("os")
                .segmentBytes(64 << 10)
                .set("wal.archiver", "object-store")
                .set("wal.archiver.object-store.bucket", store.bucket().toString())
                .set("wal.retention.bytes", "128KiB")
                .set("wal.retention.interval", "1ms")
                .build();
    }

    private static void append(Wal wal, int from, int to) {
        for (int i = from; i <= to; i++) {
            wal.append(("key-" + i).getBytes(UTF_8), new byte[1_000]);
        }
    }

    private static String newestSealed(Wal wal) {
        List<SegmentInfo> sealed =
                wal.segments().stream().filter(SegmentInfo::sealed).toList();
        return sealed.get(sealed.size() - 1).name();
    }

    @Test
    void shouldKeepEverySegmentInTheStoreBeforeItIsDeletedAndRestoreALogThatOpens() throws Exception {
        store.failures.set(3);
        List<Entry> sealed = new ArrayList<>();
        try (Wal wal = Wal.open(config(temp.resolve("log")))) {
            append(wal, 1, 500);
            store.awaitObject(newestSealed(wal));
            while (wal.segments().size() > 3) {
                Thread.onSpinWait(); // retention comes next
            }
            Position newest = wal.segments().get(wal.segments().size() - 1).start();
            try (WalReader reader = wal.read(Position.START)) {
                for (Entry entry : reader) {
                    if (entry.position().compareTo(newest) < 0) {
                        sealed.add(entry);
                    }
                }
            }
        }
        assertEquals(0, store.failures.get(), "what fails is put again");
        Path restored = temp.resolve("restored");
        new ObjectStoreArchiver(store.bucket()).restore(restored);
        try (Wal wal = Wal.open(WalConfig.builder(restored).build());
                WalReader reader = wal.read(Position.START)) {
            List<Entry> found = new ArrayList<>();
            reader.forEach(found::add);
            assertEquals(1, found.get(0).sequence());
            assertTrue(found.size() > sealed.size(), "more than the log still has");
            assertEquals(sealed, found.subList((int) sealed.get(0).sequence() - 1, (int)
                    sealed.get(sealed.size() - 1).sequence()));
            wal.append(new byte[1], new byte[1]);
        }
    }

    @Test
    void shouldPutASegmentAgainAfterAKillAndChangeNothingByThat() throws Exception {
        Path killed = temp.resolve("killed");
        try (Wal wal = Wal.open(config(temp.resolve("log")))) {
            append(wal, 1, 60);
            store.awaitObject("0000000001.wal");
            Lives.copy(temp.resolve("log"), killed);
        }
        byte[] first = store.objects.get("0000000001.wal");
        try (Wal wal = Wal.open(config(killed))) {
            append(wal, 61, 300);
            store.awaitObject("0000000001.wal");
            store.awaitObject(newestSealed(wal));
        }
        assertArrayEquals(first, store.objects.get("0000000001.wal"));
    }

    @Test
    void shouldSayWhatIsWrongWithItsConfigurationWhenTheLogIsOpened() {
        WalConfig wrong = config(temp).toBuilder()
                .set("wal.archiver.object-store.bucket", "http://localhost/bucket")
                .build();
        WalConfigException e = assertThrows(WalConfigException.class, () -> Wal.open(wrong));
        assertTrue(e.getMessage().contains("does not end with a slash"), e.getMessage());
    }

    /** Objects by name, in memory; a GET of nothing lists them. */
    private static final class Store {
        private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
        private final BlockingQueue<String> put = new LinkedBlockingQueue<>();
        private final AtomicInteger failures = new AtomicInteger();
        private HttpServer server;

        void start() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/orders/", this::serve);
            server.start();
        }

        URI bucket() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/orders/");
        }

        void awaitObject(String name) throws InterruptedException {
            while (!put.take().equals(name)) {
                // an older one
            }
        }

        private void serve(HttpExchange exchange) throws IOException {
            try (exchange) {
                String name = exchange.getRequestURI().getPath().substring("/orders/".length());
                byte[] body = exchange.getRequestBody().readAllBytes();
                if (exchange.getRequestMethod().equals("PUT")) {
                    if (failures.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                        exchange.sendResponseHeaders(503, -1);
                        return;
                    }
                    objects.put(name, body);
                    exchange.sendResponseHeaders(200, -1);
                    put.add(name);
                } else {
                    byte[] answer =
                            name.isEmpty() ? String.join("\n", objects.keySet()).getBytes(UTF_8) : objects.get(name);
                    exchange.sendResponseHeaders(200, answer.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(answer);
                    }
                }
            }
        }
    }
}
