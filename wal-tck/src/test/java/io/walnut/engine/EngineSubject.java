package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.codec.lz4.Lz4Codec;
import io.walnut.engine.log.Workers;
import io.walnut.engine.preallocate.ZeroPreallocator;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.tck.crash.CrashSubject;
import io.walnut.tck.crash.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The engine in one configuration, without threads: what it does in the background is done at once. */
public final class EngineSubject implements CrashSubject {
    /** How frames are stored, and into what space. */
    public enum Io {
        MAPPED_ZERO,
        CHANNEL_ZERO,
        CHANNEL_NONE,
        CHANNEL_SPARSE
    }

    private static final Preallocator ZEROS = new ZeroPreallocator(64 << 10);
    private static final long WINDOW = 5_000_000;

    private final Io io;
    private final Promise promise;
    private final boolean lz4;
    private final UnaryOperator<Storage> between;
    private Inline workers = new Inline();

    public EngineSubject(Io io, Promise promise, boolean lz4) {
        this(io, promise, lz4, UnaryOperator.identity());
    }

    /** With something between the engine and the disk. */
    public EngineSubject(Io io, Promise promise, boolean lz4, UnaryOperator<Storage> between) {
        this.io = io;
        this.promise = promise;
        this.lz4 = lz4;
        this.between = between;
    }

    /** Both writers, every policy, preallocator and codec. */
    public static List<String> names() {
        return all().stream().map(EngineSubject::name).toList();
    }

    /** A new subject by its name. */
    public static EngineSubject named(String name) {
        return all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<EngineSubject> all() {
        List<EngineSubject> all = new ArrayList<>();
        for (Io io : Io.values()) {
            for (Promise promise : Promise.values()) {
                all.add(new EngineSubject(io, promise, false));
                all.add(new EngineSubject(io, promise, true));
            }
        }
        return all;
    }

    @Override
    public String name() {
        return (io + "-" + promise + (lz4 ? "-lz4" : "")).toLowerCase(Locale.ROOT);
    }

    @Override
    public Promise promise() {
        return promise;
    }

    @Override
    public boolean maps() {
        return io == Io.MAPPED_ZERO;
    }

    @Override
    public boolean isAdvisory(String file) {
        return file.equals("WITNESS");
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return true;
    }

    @Override
    public Wal open(Storage disk) {
        return builder(disk).open();
    }

    @Override
    public Wal openStrictly(Storage disk) {
        return builder(disk).set("wal.recovery", "strict").open();
    }

    private EngineBuilder builder(Storage disk) {
        workers = new Inline();
        FsyncStrategy strategy = switch (promise) {
            case FORCED -> (pending, size) -> FsyncStrategy.NOW;
            case FORCED_SOON -> (pending, size) -> WINDOW;
            case WRITTEN -> (pending, size) -> FsyncStrategy.NOT_BY_ITSELF;
        };
        EngineBuilder builder = Engine.builder(Path.of("simulated"))
                .storage(between.apply(disk))
                .fsync(strategy)
                .preallocator(preallocator())
                .clock(Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC))
                .workers(workers)
                .set("wal.segment.bytes", Integer.toString(segmentBytes()))
                .set("wal.io", maps() ? "mapped" : "channel");
        return lz4 ? builder.codec("lz4", new Lz4Codec(0)) : builder;
    }

    private Preallocator preallocator() {
        return switch (io) {
            case MAPPED_ZERO, CHANNEL_ZERO -> ZEROS;
            case CHANNEL_NONE -> preallocator((file, from, to) -> {});
            case CHANNEL_SPARSE -> preallocator((file, from, to) -> file.truncate(to));
        };
    }

    private interface Reserve {
        void reserve(StorageFile file, long from, long to) throws IOException;
    }

    private static Preallocator preallocator(Reserve how) {
        return new Preallocator() {
            @Override
            public void reserve(StorageFile file, long from, long to) throws IOException {
                how.reserve(file, from, to);
            }

            @Override
            public boolean fills() {
                return false;
            }
        };
    }

    @Override
    public void elapse() {
        workers.elapse();
    }

    @Override
    public String toString() {
        return name();
    }

    /** Runs tasks on the calling thread, one after another, and timers when told. */
    private static final class Inline implements Workers {
        private final List<Runnable> timers = new ArrayList<>();

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void schedule(Runnable task, long nanos) {
            timers.add(task);
        }

        void elapse() {
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
        }
    }
}
