package io.walnut.tck.wal;

import io.walnut.api.Checkpoints;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.api.WalProvider;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.tck.kit.Flawed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A mistake that a log can make, and the rule that has to catch it. */
enum WalFlaw {
    FORGETS_EVERY_TENTH_RECORD("W101", WalKit.Ordering.class, "append", (args, append) -> {
        String key = args.length == 1
                ? new String(((WalRecord) args[0]).keyBytes(), java.nio.charset.StandardCharsets.UTF_8)
                : "";
        return key.endsWith("9") ? new Position(1 << 20, key.hashCode() & 0xFFFF) : append.call();
    }),
    RETURNS_WHERE_THE_RECORD_ENDS("W102", WalKit.Ordering.class, "append", (args, append) -> {
        Position at = (Position) append.call();
        return new Position(at.segment(), at.offset() + 64);
    }),
    RETURNS_THE_SAME_POSITION("W103", WalKit.Ordering.class, "append", (args, append) -> {
        append.call();
        return new Position(1, 4168);
    }),
    STARTS_AT_ZERO("W106", WalKit.Ordering.class, "start", (args, start) -> Position.START),
    ENDS_AT_THE_LAST_RECORD("W106", WalKit.Ordering.class, "end", (args, end) -> {
        Position it = (Position) end.call();
        return new Position(it.segment(), Math.max(0, it.offset() - 64));
    }),
    DOES_NOT_SYNC("W111", WalKit.Ordering.class, "sync", (args, sync) -> Position.START),
    IGNORES_DURABILITY("W121", WalKit.Ordering.class, "durableEnd", (args, durableEnd) -> Position.START),
    COMPLETES_AT_ONCE("W131", WalKit.Asynchronous.class, "durableEnd", (args, durableEnd) -> Position.START),
    COMPLETES_OUT_OF_ORDER("W132", WalKit.Asynchronous.class, "appendAsync", (args, append) -> {
        CompletableFuture<?> honest = (CompletableFuture<?>) append.call();
        return honest.thenComposeAsync(done -> CompletableFuture.supplyAsync(
                () -> done,
                CompletableFuture.delayedExecutor(System.nanoTime() % 3, java.util.concurrent.TimeUnit.MILLISECONDS)));
    }),
    COMPLETES_ANYWHERE("W134", WalKit.Asynchronous.class, "appendAsync", (args, append) -> {
        CompletableFuture<?> honest = (CompletableFuture<?>) append.call();
        return honest.thenComposeAsync(done -> CompletableFuture.supplyAsync(
                () -> done, CompletableFuture.delayedExecutor(1, java.util.concurrent.TimeUnit.MILLISECONDS)));
    }),
    REVERSES_BATCHES("W201", WalKit.Batches.class, "appendBatch", (args, append) -> {
        List<Object> reversed = new ArrayList<>((List<?>) append.call());
        Collections.reverse(reversed);
        return reversed;
    }),
    REFUSES_EMPTY_BATCHES("W202", WalKit.Batches.class, "appendBatch", (args, append) -> {
        ((List<?>) args[0]).get(0);
        return append.call();
    }),
    ENDS_FOR_GOOD("W301", WalKit.Readers.class, "next", new Flawed.Instead() {
        private final Map<Object, Boolean> ended = new java.util.WeakHashMap<>();

        @Override
        public Object call(Object[] args, java.util.concurrent.Callable<Object> next) throws Exception {
            boolean there = !ended.containsKey(Thread.currentThread()) && (boolean) next.call();
            if (!there) {
                ended.put(Thread.currentThread(), true);
            }
            return there;
        }
    }),
    FINDS_THE_NEXT_SEQUENCE("W651", WalKit.Positions.class, "positionOf", (args, find) -> {
        Position it = (Position) find.call();
        return new Position(it.segment(), it.offset() + 64);
    }),
    FINDS_WHAT_IS_NOT_THERE("W652", WalKit.Positions.class, "positionOf", (args, find) -> {
        try {
            return find.call();
        } catch (io.walnut.api.PositionUnavailableException e) {
            return e.end();
        }
    }),
    TELLS_THE_LAST_SEQUENCE("W653", WalKit.Positions.class, "nextSequence", (args, next) -> (long) next.call() - 1),
    BEGINS_ANEW("W654", WalKit.Positions.class, "nextSequence", (args, next) -> (long) next.call() % 11),
    TAKES_NO_SEQUENCE_BACK("W655", WalKit.Positions.class, "truncateAfter", (args, truncate) -> args[0]),
    COUNTS_WHEN_CLOSED("W656", WalKit.Positions.class, "nextSequence", (args, next) -> {
        try {
            return next.call();
        } catch (io.walnut.api.WalClosedException e) {
            return 2L;
        }
    }),
    FINDS_THE_START_AT_ANY_TIME("W661", WalKit.Positions.class, "positionAt", (args, find) -> new Position(1, 4168)),
    FORGETS_CHECKPOINTS("W671", WalKit.Checkpointing.class, "checkpoints", WalFlaw::forgetful),
    REMOVES_NO_CHECKPOINT(
            "W672",
            WalKit.Checkpointing.class,
            "checkpoints",
            (args, checkpoints) -> Flawed.in(
                    Checkpoints.class, (Checkpoints) checkpoints.call(), "remove", (removed, remove) -> null)),
    READS_WHAT_HAS_EXPIRED("W316", WalKit.Readers.class, "read", (args, read) -> {
        args[1] = new ReadOptions(((ReadOptions) args[1]).durableOnly());
        return read.call();
    }),
    WAITS_FOR_EVER("W322", WalKit.Following.class, "next", (args, next) -> {
        if (args.length == 1 && ((Duration) args[0]).isNegative()) {
            throw new IllegalArgumentException("a negative time");
        }
        return next.call();
    }),
    MINDS_NO_INTERRUPT_WHILE_IT_WAITS("W323", WalKit.Following.class, "next", WalFlaw::stubborn),
    IS_NOT_WOKEN_BY_A_CLOSE("W324", WalKit.Following.class, "next", (args, next) -> {
        if (args.length == 1) {
            Duration wait = (Duration) args[0];
            args[0] = Duration.ZERO;
            if ((boolean) next.call()) {
                return true;
            }
            args[0] = wait;
            try {
                return next.call();
            } catch (io.walnut.api.WalClosedException e) {
                Thread.sleep(wait.toMillis());
                return false;
            }
        }
        return next.call();
    }),
    READS_BEYOND_WHAT_IS_DURABLE("W331", WalKit.Following.class, "read", (args, read) -> {
        args[1] = ReadOptions.DEFAULT;
        return read.call();
    }),
    IGNORES_DEMAND("W352", WalKit.Streaming.class, "publisher", (args, publisher) -> {
        @SuppressWarnings("unchecked")
        Flow.Publisher<Entry> honest = (Flow.Publisher<Entry>) publisher.call();
        return (Flow.Publisher<Entry>) subscriber -> honest.subscribe(new PassingOn(subscriber) {
            @Override
            public void request(long n) {
                super.request(Long.MAX_VALUE);
            }
        });
    }),
    ENDS_WITHOUT_A_WORD("W355", WalKit.Streaming.class, "publisher", (args, publisher) -> {
        @SuppressWarnings("unchecked")
        Flow.Publisher<Entry> honest = (Flow.Publisher<Entry>) publisher.call();
        return (Flow.Publisher<Entry>) subscriber -> honest.subscribe(new PassingOn(subscriber) {
            @Override
            public void onError(Throwable failure) {
                onComplete();
            }
        });
    }),
    PUBLISHES_WHAT_IS_NOT_DURABLE("W356", WalKit.Streaming.class, "publisher", (args, publisher) -> {
        if (args.length == 2) {
            args[1] = ReadOptions.DEFAULT;
        }
        return publisher.call();
    }),
    COUNTS_FROM_ZERO("W302", WalKit.Readers.class, "sequence", (args, sequence) -> (long) sequence.call() - 1),
    LOSES_TIMES_TO_LIVE("W406", WalKit.Records.class, "append", (args, append) -> {
        if (args.length == 1 && ((WalRecord) args[0]).ttl().isPresent()) {
            args[0] = WalRecord.put(((WalRecord) args[0]).key(), ((WalRecord) args[0]).value());
        }
        return append.call();
    }),
    FORGETS_THE_VERSION("W408", WalKit.Records.class, "append", (args, append) -> {
        if (args.length == 1 && ((WalRecord) args[0]).version().isPresent()) {
            args[0] = WalRecord.put(((WalRecord) args[0]).key(), ((WalRecord) args[0]).value());
        }
        return append.call();
    }),
    ROUNDS_TIMESTAMPS("W404", WalKit.Records.class, "append", (args, append) -> {
        if (args.length == 1
                && args[0] instanceof WalRecord record
                && record.timestamp().isPresent()) {
            args[0] = record.withTimestamp(record.timestamp().get().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        }
        return append.call();
    }),
    TAKES_LONGER_KEYS("W501", WalKit.Limits.class, "wal.record.max.key.bytes", "1048576"),
    TAKES_LONGER_VALUES("W502", WalKit.Limits.class, "wal.record.max.value.bytes", "1048576"),
    READS_WHERE_EVERYTHING_WAS_DELETED(
            "W609", WalKit.Deletion.class, "next", (args, next) -> args.length == 1 || (boolean) next.call()),
    ENDS_WHERE_THE_REST_WAS_DELETED("W610", WalKit.Deletion.class, "next", (args, next) -> {
        try {
            return next.call();
        } catch (io.walnut.api.PositionUnavailableException e) {
            return false;
        }
    }),
    DELETES_ONE_SEGMENT_TOO_FEW("W601", WalKit.Deletion.class, "deleteSegmentsBefore", (args, delete) -> 0),
    CUTS_LONG_VALUES_SHORT("W521", WalKit.StreamedValues.class, "append", (args, append) -> {
        if (args.length == 3) {
            args[2] = (long) args[2] / 2;
        }
        return append.call();
    }),
    READS_AHEAD("W523", WalKit.StreamedValues.class, "append", (args, append) -> {
        Object position = append.call();
        if (args.length == 3) {
            ((java.io.InputStream) args[1]).readAllBytes();
        }
        return position;
    }),
    TRUNCATES_NOTHING("W621", WalKit.Truncation.class, "truncateAfter", (args, truncate) -> args[0]),
    TRUNCATES_ANYWHERE("W623", WalKit.Truncation.class, "truncateAfter", (args, truncate) -> {
        try {
            return truncate.call();
        } catch (io.walnut.api.PositionUnavailableException e) {
            return e.end();
        }
    }),
    ENDS_READERS_IN_SILENCE("W624", WalKit.Truncation.class, "next", (args, next) -> {
        try {
            return next.call();
        } catch (io.walnut.api.PositionUnavailableException e) {
            return false;
        }
    }),
    IGNORES_UNKNOWN_KEYS("W703", WalKit.Configuring.class, "", ""),
    CANNOT_BE_CLOSED_TWICE("W803", WalKit.Lifecycle.class, "close", (args, close) -> {
        close.call();
        throw new IllegalStateException("closed");
    }),
    STAYS_OPEN("W804", WalKit.Lifecycle.class, "state", (args, state) -> io.walnut.api.WalState.OPEN),
    LETS_TWO_IN("W805", WalKit.Lifecycle.class, "wal.dir", ""),
    TAKES_ANY_NAME("W982", WalKit.Groups.class, "wal", (args, wal) -> {
        args[0] = "log-" + Integer.toHexString(args[0].hashCode());
        return wal.call();
    }),
    FORGETS_TO_DROP("W984", WalKit.Groups.class, "drop", (args, drop) -> true),
    NEVER_CLOSES_WHAT_IS_IDLE("W985", WalKit.Groups.class, "closeIdle", (args, close) -> 0),
    CLEARS_THE_FLAG("W824", WalKit.Surroundings.class, "append", (args, append) -> {
        Thread.interrupted();
        return append.call();
    }),
    LEAKS_THREADS("W822", WalKit.Surroundings.class, "close", (args, close) -> {
        Thread thread = new Thread(WalFlaw::sleep);
        thread.setDaemon(true);
        thread.start();
        return close.call();
    }),
    IS_KEPT_WHEN_IT_IS_CLOSED("W823", WalKit.Surroundings.class, "close", (args, close) -> close.call()),
    SHOWS_OLD_ENDS("W902", WalKit.Concurrency.class, "end", (args, end) -> new Position(1, 4096));

    private static final class Registry {
        private static final List<Wal> LOGS = Collections.synchronizedList(new ArrayList<>());
    }

    private final String rule;
    private final Class<?> theme;
    private final String what;
    private final Flawed.Instead instead;
    private final String value;

    WalFlaw(String rule, Class<?> theme, String method, Flawed.Instead instead) {
        this(rule, theme, method, instead, "");
    }

    WalFlaw(String rule, Class<?> theme, String key, String value) {
        this(rule, theme, key, null, value);
    }

    WalFlaw(String rule, Class<?> theme, String what, Flawed.Instead instead, String value) {
        this.rule = rule;
        this.theme = theme;
        this.what = what;
        this.instead = instead;
        this.value = value;
    }

    String rule() {
        return rule;
    }

    Class<?> theme() {
        return theme;
    }

    private static Object forgetful(Object[] args, Callable<Object> checkpoints) throws Exception {
        Checkpoints honest = (Checkpoints) checkpoints.call();
        return Flawed.in(Checkpoints.class, honest, "save", (saved, save) -> {
            Object done = save.call();
            honest.remove((String) saved[0]);
            return done;
        });
    }

    /** Looks at the flag once, and then waits whatever happens to it. */
    private static Object stubborn(Object[] args, Callable<Object> next) throws Exception {
        boolean looks = Thread.currentThread().isInterrupted() || args.length == 0;
        boolean interrupted = false;
        boolean there = (boolean) next.call();
        while (!there && !looks && Thread.interrupted()) {
            interrupted = true;
            there = (boolean) next.call();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return there;
    }

    private static void sleep() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Wal in(WalProvider engine, WalConfig config) {
        WalConfig used = WalKitCatchesTest.inMemory(config);
        if (instead == null) {
            return engine.open(misread(used));
        }
        Wal flawed = Flawed.in(Wal.class, engine.open(used), what, instead);
        Wal whole = Flawed.in(
                Wal.class,
                flawed,
                "read",
                (args, read) -> Flawed.in(WalReader.class, (WalReader) read.call(), what, instead));
        if (this == IS_KEPT_WHEN_IT_IS_CLOSED) {
            Registry.LOGS.add(whole);
        }
        return whole;
    }

    WalGroup groupIn(WalProvider engine, WalConfig config) {
        WalGroup group = engine.openGroup(WalKitCatchesTest.inMemory(config));
        return instead == null ? group : Flawed.in(WalGroup.class, group, what, instead);
    }

    /** Reads a key as something else; all keys that are not needed as nothing; a directory as always another. */
    private WalConfig misread(WalConfig config) {
        Map<String, String> values = new TreeMap<>(config.toMap());
        if (what.isEmpty()) {
            values.keySet().removeIf(key -> !key.matches("wal\\.(dir|backend|storage)"));
        } else if (value.isEmpty()) {
            values.merge(what, "/" + System.nanoTime(), String::concat);
        } else if (values.containsKey(what)) {
            values.put(what, value);
        }
        return WalConfig.from(values);
    }
}
