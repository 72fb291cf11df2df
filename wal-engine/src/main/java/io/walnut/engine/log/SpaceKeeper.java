package io.walnut.engine.log;

import io.walnut.api.RecordTooLargeException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.spi.Metrics;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import io.walnut.spi.WalEvent;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Prepares space in the background before it is needed: the next piece of the active segment, then the next segment,
 * whose header and name are durable before it is used. An append that finds none waits here, and is rejected if there is
 * none to be had.
 */
final class SpaceKeeper {
    /** A larger step is prepared in parts, one after another. */
    private static final int FIRST_STEPS_A_PART = 8;

    /** Space that is reserved by writing zeros, and forced before it is overwritten, goes to the device twice. */
    private static final int MOST_AHEAD = 16 << 20;

    /** Space up to somewhere, in a segment or, where that is null, in a new one. */
    record Want(@Nullable ActiveSegment segment, long bytes) {}

    private final Storage storage;
    private final StorageLock directoryLock;
    private final StateFile state;
    private final SegmentMaker maker;
    private final StageFile stageFile;

    /** Each append waits for the device, and waits less where that only overwrites. Else filled space would be written twice. */
    private final boolean fills;

    /** Space that was written is forced before it is overwritten, unless little of it is ahead. */
    private final boolean writesTwice;

    private final int segmentBytes;
    private final Appender appender;
    private final Failure failure;
    private final Workers workers;
    private final Telemetry telemetry;
    private final LongAdder misses;
    private final Stalls stalls;
    private final AtomicReference<@Nullable Gate> running = new AtomicReference<>();
    private volatile boolean closing;

    /** More became due, and nobody looked yet: what is being prepared may end without it. */
    private volatile boolean asked;

    private final int firstStep;
    private final int part;
    private int step;
    private Optional<Tail.Continued> continued;

    SpaceKeeper(
            Storage storage,
            StorageLock directoryLock,
            StateFile state,
            LogOptions options,
            Clock clock,
            Appender appender,
            Failure failure,
            Workers workers,
            Telemetry telemetry,
            Tail tail,
            StageFile stageFile) {
        this.storage = storage;
        this.stageFile = stageFile;
        this.directoryLock = directoryLock;
        this.state = state;
        this.fills = options.fsync().forcesEachAppend();
        this.writesTwice = !fills && options.fsync().forcesByItself();
        this.maker = new SegmentMaker(storage, state, options, clock, failure, telemetry.logName(), tail);
        this.segmentBytes = options.segmentBytes();
        this.firstStep = options.reserveBytes();
        this.part = (int) Math.min(segmentBytes, (long) FIRST_STEPS_A_PART * firstStep);
        this.step = firstStep;
        this.appender = appender;
        this.failure = failure;
        this.workers = workers;
        this.telemetry = telemetry;
        this.misses = telemetry.counter(Metrics.SPACE_MISSES);
        this.stalls = new Stalls(WalEvent.Stalled.Cause.SPACE, telemetry, clock, appender::recordsEnd);
        this.continued = tail.continued();
    }

    /** Prepares what will be needed, without waiting for it: whoever needs it and finds it missing will ask, and be told. */
    void prepareAhead(int due) {
        if ((due & ActiveSegment.SPACE_DUE) != 0) {
            asked = true;
            start(0);
        }
    }

    /** Has space prepared for an append, and waits for it. */
    void provide(int appendBytes, boolean again) {
        long start = System.nanoTime();
        try {
            await(appendBytes, again);
        } finally {
            stalls.waited(System.nanoTime() - start);
        }
    }

    private void await(int appendBytes, boolean again) {
        if (!again) {
            misses.increment();
        }
        if (ActiveSegment.needed(appendBytes) > Place.MAX_OFFSET) {
            throw new RecordTooLargeException("an append of " + appendBytes + " bytes fits into no segment");
        }
        Gate mine = start(appendBytes);
        if (mine == null) {
            Gate others = running.get();
            if (others != null) {
                others.await();
            }
            return;
        }
        Throwable failed = mine.await();
        if (failed != null) {
            throw rejection(failed);
        }
    }

    private WalException rejection(@Nullable Throwable cause) {
        if (failure.isFailed()) {
            return failure.exception(Outcome.REJECTED);
        }
        if (cause instanceof StorageFullException) {
            return new WalException(
                    Reason.DISK_FULL,
                    Outcome.REJECTED,
                    "no space could be reserved in " + storage.location()
                            + "; nothing was appended; the log stays open and goes on when space is free: "
                            + cause.getMessage(),
                    cause);
        }
        return new WalException(
                cause instanceof IOException ? Reason.IO : Reason.PLUGIN,
                Outcome.REJECTED,
                "no space could be prepared in " + storage.location() + "; nothing was appended: " + cause,
                cause);
    }

    /** Prepares nothing more; what is being prepared is waited for. */
    void close() {
        closing = true;
        hold().over.open();
    }

    /** While it lasts nothing is prepared. */
    final class Hold {
        private final Gate over = new Gate();

        private Hold() {}

        void end() {
            running.set(null);
            over.open();
            if (asked) { // meanwhile, when nobody could begin
                start(0);
            }
        }
    }

    /** {@return a hold, which has begun} What is being prepared is waited for. */
    Hold hold() {
        Hold hold = new Hold();
        while (!running.compareAndSet(null, hold.over)) {
            Gate last = running.get();
            if (last != null) {
                last.await();
            }
        }
        return hold;
    }

    /** Gives up what is prepared behind the end; returns the number of the next segment. Only in a {@link Hold}. */
    long skipPrepared() {
        continued = Optional.empty();
        discardPrepared();
        return maker.nextNumber();
    }

    private @Nullable Gate start(int appendBytes) {
        Gate mine = new Gate();
        StackProbe.deeply();
        if (!running.compareAndSet(null, mine)) {
            return null;
        }
        try {
            workers.execute(() -> run(appendBytes));
        } catch (RuntimeException | Error e) {
            running.set(null);
            mine.open(e);
        }
        return mine;
    }

    private void run(int appendBytes) {
        Throwable failed = null;
        asked = false;
        try {
            Want want = failure.isFailed() ? null : appender.want(appendBytes);
            if (want != null) {
                long start = System.nanoTime();
                prepare(want, appendBytes);
                telemetry.record(Metrics.SPACE_DURATION, System.nanoTime() - start);
            }
            if (!closing && !failure.isFailed() && appender.wantsSpare()) {
                tellWaiting();
                prepare(new Want(null, ActiveSegment.needed(0)), 0);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed = e;
        }
        Objects.requireNonNull(running.getAndSet(null)).open(failed);
        if (asked) {
            start(0);
        }
    }

    /** A part is there: who waits tries again, while the next one is prepared. */
    private void tellWaiting() {
        Objects.requireNonNull(running.getAndSet(new Gate())).open();
    }

    private void prepare(Want want, int appendBytes) throws IOException {
        failure.failIfLost(directoryLock, storage.location());
        if (failure.isFailed()) {
            return;
        }
        ActiveSegment segment = want.segment();
        if (want.bytes() > Place.MAX_OFFSET) { // behind the footer of a continued segment; it fits an empty one
            segment = null;
            skipPrepared();
        }
        if (segment != null) {
            long from = segment.reserved();
            long to = Math.min(Math.max(segment.capacity, want.bytes()), Math.max(from + step, want.bytes()));
            step = Math.min(2 * step, Math.max(firstStep, mostAhead()));
            extend(segment, (int) to);
            return;
        }
        if (appender.stage().memory() == null && maker.fills()) {
            appender.stageIn(stageFile.create());
        }
        Optional<Tail.Continued> small = continued;
        continued = Optional.empty();
        if (small.isPresent()
                && small.get().segment().number() >= state.current().lowSegment() // not deleted meanwhile
                && small.get().neededFor(appendBytes) <= segmentBytes) {
            appender.prepared(maker.continueBehindFooter(small.get(), appendBytes));
            return;
        }
        long needed = ActiveSegment.needed(appendBytes);
        int capacity = (int) Math.max(segmentBytes, needed);
        int reserved = (int) Math.min(capacity, Math.max(step, needed));
        ActiveSegment created = maker.create(capacity, (int) Math.min(reserved, Math.max(part, needed)));
        appender.prepared(created);
        if (created.reserved() < reserved) {
            tellWaiting();
            extend(created, reserved);
        }
    }

    private int mostAhead() {
        return writesTwice && maker.writesSpace() ? Math.min(segmentBytes, MOST_AHEAD) : segmentBytes;
    }

    /** Part by part, for an append that waits needs one only; forced when all are there. */
    private void extend(ActiveSegment segment, int end) throws IOException {
        int from = segment.reserved();
        while (extendByAPart(segment, end)) {
            tellWaiting();
        }
        if (fills) {
            forceSpace(segment, from);
        }
    }

    /** {@return whether there is more to do} */
    private boolean extendByAPart(ActiveSegment segment, int end) throws IOException {
        segment.filing.lock();
        try {
            int from = appender.beginExtending(segment);
            if (from < 0) {
                return false;
            }
            int to = (int) Math.min(end, (long) from + part);
            boolean extended = false;
            try {
                if (to > from) {
                    maker.reserve(segment.file, from, to);
                    extended = true;
                }
            } finally {
                appender.endExtending(segment, extended ? to : 0);
            }
            return to < end && !closing && !failure.isFailed();
        } finally {
            segment.filing.unlock();
        }
    }

    private void forceSpace(ActiveSegment segment, int from) throws IOException {
        segment.filing.lock();
        try {
            if (!segment.segment.finished() && segment.file.size() > from) { // else nothing was reserved
                tellWaiting();
                // not through the writer's: the kernel tells each open file of an error once, and appends have to learn
                // of it
                try (StorageFile file = storage.open(segment.segment.fileName())) {
                    failure.force(file::force);
                }
            }
        } finally {
            segment.filing.unlock();
        }
    }

    /** Removes the prepared segments that were never used; one that was to be continued stays as it was. */
    void discardPrepared() {
        List<ActiveSegment> unused = new ArrayList<>();
        for (ActiveSegment each = appender.takePrepared(); each != null; each = appender.takePrepared()) {
            unused.add(0, each);
        }
        unused.forEach(maker::discard); // newest first: a crash leaves no gap
    }
}
