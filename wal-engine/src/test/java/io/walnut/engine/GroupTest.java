package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.api.WalLockedException;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import io.walnut.engine.log.EngineWal;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many logs under one root. */
@Timeout(120)
class GroupTest {
    @TempDir
    Path root;

    private WalConfig.Builder config() {
        return WalConfig.builder(root).set("wal.group.idle", "0s").fsync("os");
    }

    private static List<String> keys(WalGroup group, String name) {
        return Logs.keys(group.wal(name));
    }

    @Test
    void shouldKeepLogsApartAndFindThemAgain() {
        try (WalGroup group = WalGroup.open(config().build())) {
            group.wal("orders", 3).append(Logs.put("order", "1"));
            group.wal("payments").append(Logs.put("payment", "1"));
            group.wal("orders-3").append(Logs.put("another", "2"));
            assertEquals(Set.of("orders-3", "payments"), group.names());
            assertEquals(2, group.openLogs());
        }
        try (WalGroup group = WalGroup.open(root)) {
            assertEquals(Set.of("orders-3", "payments"), group.names());
            assertEquals(0, group.openLogs());
            assertEquals(List.of("order", "another"), keys(group, "orders-3"));
            assertEquals(List.of("payment"), keys(group, "payments"));
        }
        try (Wal alone = Wal.open(root.resolve("payments"))) {
            assertEquals(List.of("payment"), Logs.keys(alone));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                ".",
                "a/b",
                "../a",
                "a\\b",
                "Orders",
                "a.b",
                "-a",
                "_a",
                "a b",
                "é",
                "a\0",
                "lock",
                "con",
                "nul",
                "com1",
                "lpt9",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void shouldRefuseWhatIsNoName(String name) throws IOException {
        try (WalGroup group = WalGroup.open(config().build())) {
            WalConfigException refused = assertThrows(WalConfigException.class, () -> group.wal(name));
            assertEquals(WalException.Reason.CONFIG, refused.reason());
            assertEquals(1, refused.problems().size());
            assertTrue(refused.getMessage().contains("'" + name + "'"), refused.getMessage());
            assertThrows(WalConfigException.class, () -> group.drop(name));
            assertThrows(WalConfigException.class, () -> group.wal("orders", -1));
            assertEquals(Set.of(), group.names());
        }
        try (var files = Files.list(root)) {
            assertEquals(List.of(root.resolve("LOCK")), files.toList());
        }
    }

    @Test
    void shouldRefuseASecondGroupAndASecondOpenerOfALog() {
        try (WalGroup group = WalGroup.open(config().build())) {
            group.wal("a");
            assertThrows(WalLockedException.class, () -> WalGroup.open(config().build()));
            assertThrows(WalLockedException.class, () -> Wal.open(root.resolve("a")));
        }
        WalGroup.open(config().build()).close();
    }

    @Test
    void shouldRefuseTheDirectoryOfALog() {
        try (Wal wal = Wal.open(root)) {
            wal.append(Logs.put("a", "b"));
        }
        WalConfigException refused = assertThrows(WalConfigException.class, () -> WalGroup.open(root));
        assertTrue(refused.getMessage().startsWith("wal.dir: "), refused.getMessage());
        Wal.open(root).close();
    }

    @Test
    void shouldOpenOneLogForAllWhoAskAtTheSameTime() throws Exception {
        int threads = 16;
        int rounds = 20;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (WalGroup group = WalGroup.open(config().build())) {
            for (int round = 0; round < rounds; round++) {
                String name = "log-" + round;
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Future<Wal>> all = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    String key = "key " + i;
                    all.add(pool.submit(() -> {
                        start.await();
                        Wal wal = group.wal(name);
                        wal.append(Logs.put(key, ""));
                        return wal;
                    }));
                }
                for (Future<Wal> each : all) {
                    assertSame(all.get(0).get(), each.get(1, TimeUnit.MINUTES));
                }
                assertEquals(threads, Logs.entries(group.wal(name)).size());
            }
            assertEquals(rounds, group.openLogs());
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void shouldCloseWhatIsIdleAndOpenItAgainWhenItIsUsed() {
        try (WalGroup group = WalGroup.open(config().build())) {
            Wal used = group.wal("used");
            Wal idle = group.wal("idle");
            Position first = idle.append(Logs.put("a", ""));
            used.append(Logs.put("b", ""));
            assertEquals(0, group.closeIdle(Duration.ofHours(1)));
            try (WalReader reader = used.read(Position.START)) {
                assertEquals(1, group.closeIdle(Duration.ZERO));
                assertTrue(reader.next());
            }
            assertEquals(1, group.openLogs());
            assertEquals(WalState.OPEN, idle.state());
            assertEquals(1, group.openLogs());
            assertEquals(first, idle.start());
            assertEquals(2, group.openLogs());
            assertEquals(2, group.closeIdle(Duration.ZERO));
            idle.appendAsync(Logs.put("d", "")).join();
            assertEquals(List.of("a", "d"), Logs.keys(idle));
            assertSame(idle, group.wal("idle"));
        }
    }

    @Test
    void shouldKeepALogOpenForItsSubscribers() {
        try (WalGroup group = WalGroup.open(config().build())) {
            Wal wal = group.wal("followed");
            wal.append(Logs.put("a", ""));
            var publisher = wal.publisher(Position.START);
            assertEquals(1, group.closeIdle(Duration.ZERO));
            Subscriber subscriber = new Subscriber(0);
            publisher.subscribe(subscriber);
            assertEquals(0, group.closeIdle(Duration.ZERO));
            subscriber.cancel();
            while (group.closeIdle(Duration.ZERO) == 0) {
                Thread.onSpinWait();
            }
            assertFalse(subscriber.end.isDone());
        }
    }

    @Test
    void shouldKeepALogOpenForAValueThatIsBeingRead() throws IOException {
        try (WalGroup group =
                WalGroup.open(config().set("wal.record.chunk.bytes", "16KiB").build())) {
            Wal wal = group.wal("long");
            wal.append(Logs.bytes("k"), Logs.counting(100_000), 100_000);
            InputStream value;
            InputStream other;
            try (WalReader reader = wal.read(Position.START)) {
                assertTrue(reader.next());
                value = reader.valueStream();
                other = reader.valueStream();
            }
            value.readNBytes(50_000);
            other.close();
            other.close();
            assertEquals(0, group.closeIdle(Duration.ZERO));
            assertEquals(50_000, value.readAllBytes().length);
            value.close();
            assertEquals(1, group.closeIdle(Duration.ZERO));
        }
    }

    @Test
    void shouldLoseNothingWhenLogsAreClosedWhileTheyAreUsed() throws Exception {
        int threads = 4;
        int each = 60;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (WalGroup group =
                WalGroup.open(config().set("wal.group.open.max", "2").build())) {
            List<Future<?>> appenders = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Wal own = group.wal("own", i);
                Wal common = group.wal("common");
                appenders.add(pool.submit(() -> {
                    for (int k = 0; k < each; k++) {
                        own.append(Logs.put("" + k, ""));
                        if (k % 2 == 0) {
                            common.append(Logs.put("" + k, ""));
                        } else {
                            common.appendAsync(Logs.put("" + k, "")).join();
                        }
                    }
                    return null;
                }));
            }
            while (!appenders.stream().allMatch(Future::isDone)) {
                group.closeIdle(Duration.ZERO);
            }
            for (Future<?> appender : appenders) {
                appender.get();
            }
            assertEquals(threads * each, Logs.entries(group.wal("common")).size());
            for (int i = 0; i < threads; i++) {
                assertEquals(each, Logs.entries(group.wal("own", i)).size());
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void shouldDropALogForGood() throws IOException {
        try (WalGroup group = WalGroup.open(config().build())) {
            Wal wal = group.wal("gone");
            wal.append(Logs.put("a", ""));
            Files.createDirectories(root.resolve("gone/quarantine"));
            Files.writeString(root.resolve("gone/quarantine/0000000001.4096.torn"), "left");
            group.wal("stays").append(Logs.put("b", ""));
            Subscriber subscriber = new Subscriber(0);
            wal.publisher(Position.START).subscribe(subscriber);

            assertTrue(group.drop("gone"));

            assertFalse(Files.exists(root.resolve("gone")));
            assertEquals(Set.of("stays"), group.names());
            assertThrows(WalClosedException.class, () -> wal.append(Logs.put("c", "")));
            assertEquals(WalState.CLOSED, wal.state());
            assertInstanceOf(WalClosedException.class, subscriber.end.join());
            assertFalse(group.drop("gone"));
            assertEquals(List.of(), keys(group, "gone"));
            group.closeIdle(Duration.ZERO);
            assertTrue(group.drop("stays"));
        }
        try (WalGroup group = WalGroup.open(root)) {
            assertEquals(Set.of("gone"), group.names());
        }
    }

    @Test
    void shouldCloseALogThatItsUserClosesAndGiveAnotherThen() {
        try (WalGroup group = WalGroup.open(config().build())) {
            Wal wal = group.wal("a");
            wal.append(Logs.put("a", ""));
            wal.close();
            wal.close();
            assertThrows(WalClosedException.class, () -> wal.append(Logs.put("b", "")));
            assertEquals(List.of("a"), keys(group, "a"));
        }
    }

    @Test
    void shouldCloseAllLogsWithTheGroup() {
        WalGroup group = WalGroup.open(config().build());
        Wal wal = group.wal("a");
        wal.append(Logs.put("a", ""));
        group.close();
        group.close();
        assertEquals(WalState.CLOSED, wal.state());
        assertThrows(WalClosedException.class, () -> wal.append(Logs.put("b", "")));
        assertThrows(WalClosedException.class, () -> group.wal("a"));
        assertThrows(WalClosedException.class, () -> group.drop("a"));
    }

    @Test
    void shouldTellASubscriberThatItsLogIsClosed() {
        WalGroup group = WalGroup.open(config().build());
        Wal closed = group.wal("closed");
        closed.close();
        Wal wal = group.wal("a");
        group.close();
        List<Runnable> tasks = new ArrayList<>();
        for (var publisher : List.of(
                closed.publisher(Position.START),
                wal.publisher(Position.START),
                wal.publisher(Position.START, ReadOptions.DEFAULT, Runnable::run),
                wal.publisher(Position.START, ReadOptions.DEFAULT, tasks::add))) {
            Subscriber subscriber = new Subscriber(1);
            publisher.subscribe(subscriber);
            runAll(tasks);
            assertInstanceOf(WalClosedException.class, subscriber.end.getNow(null));
            subscriber.request(1);
            assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
        }
    }

    @Test
    void shouldTellASubscriberThatItsLogCannotBeOpened() throws IOException {
        try (WalGroup group = WalGroup.open(config().executor(Runnable::run).build())) {
            Wal wal = group.wal("a");
            wal.append(Logs.put("a", ""));
            assertEquals(1, group.closeIdle(Duration.ZERO));
            try (Wal other = Wal.open(root.resolve("a"))) {
                Subscriber subscriber = new Subscriber(1);
                wal.publisher(other.start()).subscribe(subscriber);
                assertInstanceOf(WalLockedException.class, subscriber.end.getNow(null));
            }
        }
    }

    @Test
    void shouldTellOfTheRecoveryOfALogThatIsClosed() {
        try (WalGroup group = WalGroup.open(config().build())) {
            group.wal("a").append(Logs.put("a", ""));
        }
        WalGroup group = WalGroup.open(config().build());
        Wal wal = group.wal("a");
        Wal closed = group.wal("closed");
        closed.close();
        assertEquals(0, closed.recovery().records());
        group.close();
        assertEquals(1, wal.recovery().records());
    }

    @Test
    void shouldGiveTheSameCheckpointsEachTime() {
        try (WalGroup group = WalGroup.open(config().build())) {
            Wal wal = group.wal("a");
            var checkpoints = wal.checkpoints();
            checkpoints.save("reader", wal.end());
            group.closeIdle(Duration.ZERO);
            assertSame(checkpoints, wal.checkpoints());
            assertEquals(Set.of("reader"), checkpoints.all().keySet());
        }
    }

    @Test
    void shouldRemoveALogThatIsBeingOpenedWhenItIsDropped() throws Exception {
        Thread dropping = Thread.currentThread();
        AtomicBoolean opens = new AtomicBoolean();
        Storage memory = new ForwardingStorage(new MemoryStorage("group")) {
            @Override
            public Storage directory(String name) throws IOException {
                if (opens.compareAndSet(false, true)) {
                    while (dropping.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                return super.directory(name);
            }
        };
        try (WalGroup group = open(memory)) {
            FutureTask<Wal> opening = new FutureTask<>(() -> group.wal("a"));
            new Thread(opening, "opening").start();
            while (!opens.get()) {
                Thread.onSpinWait();
            }
            assertTrue(group.drop("a"));
            assertEquals(WalState.CLOSED, opening.get(1, TimeUnit.MINUTES).state());
            assertEquals(Set.of(), group.names());
        }
    }

    @Test
    void shouldCloseAllLogsWithTheGroupIfAnErrorComesOutOfOne() {
        MemoryStorage memory = new MemoryStorage("group");
        AssertionError error = new AssertionError("on purpose");
        WalGroup group = open(new ForwardingStorage(memory) {
            @Override
            public Storage directory(String name) throws IOException {
                return new ForwardingStorage(super.directory(name)) {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        throw error;
                    }
                };
            }

            @Override
            public void close() {}
        });
        List<Wal> all = List.of(group.wal("a"), group.wal("b"));
        assertSame(error, assertThrows(AssertionError.class, group::close));
        all.forEach(wal -> assertEquals(WalState.CLOSED, wal.state()));
        open(memory).close();
    }

    private WalGroup open(Storage storage) {
        return GroupAssembly.of(config().build())
                .open(
                        storage,
                        Clock.systemUTC(),
                        (AtOnce) (task, nanos) -> {},
                        Runnable::run,
                        System::nanoTime,
                        () -> {});
    }

    @Test
    void shouldConfigureSingleLogsAndTheirPartitions() {
        WalConfig config = config().set("wal.group.log.orders.record.max.value.bytes", "1KiB")
                .set("wal.group.log.orders.record.max.key.bytes", "10")
                .set("wal.group.log.orders-7.record.max.value.bytes", "2KiB")
                .build();
        try (WalGroup group = WalGroup.open(config)) {
            byte[] large = new byte[1500];
            group.wal("other").append(new byte[20], large);
            assertThrows(WalException.class, () -> group.wal("orders").append(new byte[1], large));
            assertThrows(WalException.class, () -> group.wal("orders", 1).append(new byte[1], large));
            group.wal("orders", 7).append(new byte[1], large);
            assertThrows(WalException.class, () -> group.wal("orders", 7).append(new byte[20], large));
        }
    }

    @Test
    void shouldReportEverythingThatIsWrongWithAConfiguration() {
        WalConfigException wrong = assertThrows(
                WalConfigException.class,
                () -> WalGroup.open(config().set("wal.group.idl", "1s")
                        .set("wal.group.open.max", "0")
                        .set("wal.segment.bites", "1")
                        .set("wal.group.log.orders.segment.bytes", "1")
                        .set("wal.group.log.orders.dir", "/tmp")
                        .set("wal.group.log.Orders.codec", "none")
                        .set("wal.group.log.x.codec", "nothing")
                        .build()));
        for (String part : List.of(
                "wal.group.idl:",
                "wal.group.open.max:",
                "wal.segment.bites:",
                "for the log 'orders': wal.segment.bytes:",
                "wal.group.log.orders.dir:",
                "wal.group.log.Orders.codec:",
                "for the log 'x': ")) {
            assertEquals(
                    1,
                    wrong.problems().stream()
                            .filter(each -> each.startsWith(part))
                            .count(),
                    () -> part + " in " + wrong.problems());
        }
        assertThrows(
                WalConfigException.class, () -> Wal.open(config().build()), "keys of a group are no keys of a log");
    }

    @Test
    void shouldRefuseToMapWhatCannotBeMappedWhenItIsOpened() throws IOException {
        WalConfig forAll = config().io("mapped").preallocator("none").build();
        WalConfig forOne = config().io("mapped")
                .set("wal.group.log.orders.preallocator", "sparse")
                .build();
        WalConfig inMemory = config().io("mapped").storage("memory").build();
        for (WalConfig config : List.of(forAll, forOne, inMemory)) {
            List<String> problems = assertThrows(WalConfigException.class, () -> WalGroup.open(config))
                    .problems();
            assertEquals(1, problems.size(), problems::toString);
            String of = config == forOne ? "for the log 'orders': " : "";
            assertTrue(problems.get(0).startsWith(of + "wal.io: 'mapped' needs "), problems::toString);
            assertThrows(WalConfigException.class, () -> new EngineProvider().check(config));
        }
        try (var files = Files.list(root)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void shouldCloseIdleLogsByItself() {
        List<Runnable> timers = new ArrayList<>();
        AtomicLong now = new AtomicLong(-5);
        AtOnce atOnce = (task, nanos) -> timers.add(task);
        WalConfig config = config().set("wal.group.idle", "10m").build();
        try (WalGroup group = GroupAssembly.of(config)
                .open(new MemoryStorage("group"), Clock.systemUTC(), atOnce, Runnable::run, now::get, () -> {})) {
            Wal quiet = group.wal("quiet");
            Wal busy = group.wal("busy");
            quiet.append(Logs.put("a", ""));
            for (int minutes = 0; minutes < 10; minutes++) {
                assertEquals(2, group.openLogs());
                busy.append(Logs.put("b", ""));
                runAll(timers);
                now.addAndGet(TimeUnit.MINUTES.toNanos(1));
            }
            runAll(timers);
            assertEquals(1, group.openLogs());
            now.addAndGet(TimeUnit.MINUTES.toNanos(10));
            runAll(timers);
            assertEquals(0, group.openLogs());
            runAll(timers);
            assertEquals(List.of(), timers, "a group without open logs has nothing to do");
            assertEquals(List.of("a"), Logs.keys(quiet));
            assertEquals(1, timers.size());
        }
    }

    @Test
    void shouldCloseIdleLogsOnceThereIsAThreadForIt() {
        List<Runnable> timers = new ArrayList<>();
        AtomicLong now = new AtomicLong();
        AtOnce atOnce = (task, nanos) -> timers.add(task);
        AtomicInteger refusals = new AtomicInteger(2);
        Executor chores = task -> {
            if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        };
        WalConfig config = config().set("wal.group.idle", "10m").build();
        try (WalGroup group = GroupAssembly.of(config)
                .open(new MemoryStorage("group"), Clock.systemUTC(), atOnce, chores, now::get, () -> {})) {
            group.wal("quiet");
            runAll(timers);
            now.addAndGet(TimeUnit.MINUTES.toNanos(11));
            runAll(timers);
            assertEquals(1, group.openLogs());
            runAll(timers);
            now.addAndGet(TimeUnit.MINUTES.toNanos(11));
            runAll(timers);
            assertEquals(0, group.openLogs());
        }
    }

    @Test
    void shouldCloseAllLogsWithTheGroupIfNoThreadHelps() {
        Executor chores = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        WalGroup group = GroupAssembly.of(config().build())
                .open(
                        new MemoryStorage("group"),
                        Clock.systemUTC(),
                        (AtOnce) (task, nanos) -> {},
                        chores,
                        System::nanoTime,
                        () -> {});
        List<Wal> all = List.of(group.wal("a"), group.wal("b"), group.wal("c"), group.wal("d"));
        group.close();
        all.forEach(wal -> assertEquals(WalState.CLOSED, wal.state()));
        assertEquals(0, group.openLogs());
    }

    private static void runAll(List<Runnable> timers) {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void shouldLetActionsWaitForOtherLogsOnOneThread() throws Exception {
        try (WalGroup group =
                WalGroup.open(config().set("wal.group.threads", "1").build())) {
            Wal a = group.wal("a");
            Wal b = group.wal("b");
            Position last = a.appendAsync(Logs.put("a", ""))
                    .thenApply(position -> {
                        b.append(Logs.put("b", ""), Durability.DEVICE);
                        group.closeIdle(Duration.ZERO);
                        return group.wal("c").append(Logs.put("c", ""));
                    })
                    .get(1, TimeUnit.MINUTES);
            assertEquals(group.wal("c").start(), last);
        }
    }

    @Test
    void shouldLetSubscribersWaitForFuturesOfOtherLogsOnOneThread() throws Exception {
        try (WalGroup group =
                WalGroup.open(config().set("wal.group.threads", "1").build())) {
            Wal a = group.wal("a");
            Wal b = group.wal("b");
            CompletableFuture<Position> copied = new CompletableFuture<>();
            Subscriber subscriber = new Subscriber(1) {
                @Override
                public void onNext(Entry entry) {
                    copied.complete(b.appendAsync(entry.record()).join());
                }
            };
            a.publisher(Position.START, ReadOptions.DEFAULT).subscribe(subscriber);
            a.append(Logs.put("a", ""));
            Position copy = copied.get(20, TimeUnit.SECONDS);
            assertEquals(b.start(), copy);
        }
    }

    /** Or what is new in a log would be missing in those of groups. */
    @Test
    void shouldPassOnEverythingThatALogCanDo() throws Exception {
        Class<?> grouped = Class.forName("io.walnut.engine.group.GroupedWal");
        for (Method method : EngineWal.class.getDeclaredMethods()) {
            boolean ofWal = Stream.of(Wal.class.getMethods())
                    .anyMatch(each -> each.getName().equals(method.getName())
                            && Arrays.equals(each.getParameterTypes(), method.getParameterTypes()));
            if (ofWal) {
                assertNotNull(
                        grouped.getDeclaredMethod(method.getName(), method.getParameterTypes()), method::toString);
            }
        }
    }

    @Test
    void shouldKeepLogsInMemory() {
        try (WalGroup group = WalGroup.open(config().storage("memory").build())) {
            group.wal("a").append(Logs.put("a", ""));
            group.wal("b").append(Logs.put("b", ""));
            group.wal("a").close();
            assertEquals(List.of("b"), keys(group, "b"));
            assertEquals(List.of("a"), keys(group, "a"));
            assertTrue(group.drop("a"));
            assertEquals(Set.of("b"), group.names());
        }
    }
}
