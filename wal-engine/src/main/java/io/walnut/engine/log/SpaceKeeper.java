package io.walnut.engine.log;

import io.walnut.api.RecordTooLargeException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.spi.Metrics;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import io.walnut.spi.WalEvent;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Prepares space in the background before it is needed: the next piece of the active segment, then the next segment,
 * whose header and name are durable before it is used. An append that finds none waits here, and is rejected if there is
 * none to be had.
 */
final class SpaceKeeper {
    /** The first piece behind a footer: a segment that was small in one life may be so in the next. */
    private static final int CONTINUED_STEP = 128 << 10;

    /** A larger step is prepared in parts, one after another. */
    private static final int FIRST_STEPS_A_PART = 8;

    private static final System.Logger LOG = System.getLogger("io.walnut.engine");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Space up to somewhere, in a segment or, where that is null, in a new one. */
    record Want(@Nullable ActiveSegment segment, long bytes) {}

    private final Storage storage;
    private final StorageLock directoryLock;
    private final StateFile state;
    private final Preallocator preallocator;
    private final boolean mapped;

    /** Else what is written to the space is mostly there before the space is forced, and goes to the device once. */
    private final boolean forcesByItself;

    private final int windowBytes;
    private final int segmentBytes;
    private final String nodeId;
    private final Clock clock;
    private final Appender appender;
    private final Failure failure;
    private final Workers workers;
    private final Telemetry telemetry;
    private final LongAdder misses;
    private final Stalls stalls;
    private final AtomicReference<@Nullable CompletableFuture<Void>> running = new AtomicReference<>();
    private volatile boolean closing;

    /** More became due, and nobody looked yet: what is being prepared may end without it. */
    private volatile boolean asked;

    private long nextNumber;
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
            Tail tail) {
        this.storage = storage;
        this.directoryLock = directoryLock;
        this.state = state;
        this.preallocator = options.preallocator();
        this.mapped = options.mapped();
        this.forcesByItself = options.fsync().forcesByItself();
        this.windowBytes = options.windowBytes();
        this.segmentBytes = options.segmentBytes();
        this.firstStep = options.reserveBytes();
        this.part = (int) Math.min(segmentBytes, (long) FIRST_STEPS_A_PART * firstStep);
        this.step = firstStep;
        this.nodeId = options.nodeId();
        this.clock = clock;
        this.appender = appender;
        this.failure = failure;
        this.workers = workers;
        this.telemetry = telemetry;
        this.misses = telemetry.counter(Metrics.SPACE_MISSES);
        this.stalls = new Stalls(WalEvent.Stalled.Cause.SPACE, telemetry, clock, appender::recordsEnd);
        this.nextNumber = tail.nextNumber();
        this.continued = tail.continued();
    }

    /** Prepares what will be needed, without waiting for it: whoever needs it and finds it missing will ask, and be told. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void prepareAhead(int due) {
        if ((due & ActiveSegment.WINDOW_DUE) != 0) {
            try {
                workers.execute(this::moveAhead);
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(System.Logger.Level.DEBUG, "wal.window.late", e);
            }
        }
        if ((due & ActiveSegment.SPACE_DUE) != 0) {
            asked = true;
            start(0);
        }
    }

    private void moveAhead() {
        ActiveSegment segment = appender.active();
        if (segment != null) {
            try {
                move(segment, 0);
            } catch (IOException | RuntimeException | Error e) {
                LOG.log(System.Logger.Level.DEBUG, "wal.window.late", e);
            }
        }
    }

    /** Moves the window of the segment that is appended to, where an append does not fit. */
    void provideWindow(int appendBytes) {
        ActiveSegment segment = appender.active();
        if (segment != null) {
            try {
                move(segment, appendBytes);
            } catch (IOException | RuntimeException | Error e) {
                throw rejection(e);
            }
        }
    }

    private void move(ActiveSegment segment, int appendBytes) throws IOException {
        segment.moving.lock();
        try {
            ActiveSegment.Window window = appender.windowFor(segment, appendBytes, forcesByItself);
            if (window != null) {
                SegmentWriter.Reservation reservation = segment.writer.reserve(window.from(), window.to());
                appender.moved(segment, reservation, window).free();
            }
        } finally {
            segment.moving.unlock();
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
        if (ActiveSegment.needed(SegmentHeader.BYTES, appendBytes) > Place.MAX_OFFSET) {
            throw new RecordTooLargeException("an append of " + appendBytes + " bytes fits into no segment");
        }
        CompletableFuture<Void> mine = start(appendBytes);
        if (mine == null) {
            CompletableFuture<Void> others = running.get();
            if (others != null) {
                others.handle((done, failed) -> done).join();
            }
            return;
        }
        try {
            mine.join();
        } catch (CompletionException e) {
            throw rejection(e.getCause());
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
        hold().over.complete(null);
    }

    /** While it lasts nothing is prepared. */
    final class Hold {
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        private Hold() {}

        void end() {
            running.set(null);
            over.complete(null);
        }
    }

    /** {@return a hold, which has begun} What is being prepared is waited for. */
    Hold hold() {
        Hold hold = new Hold();
        while (!running.compareAndSet(null, hold.over)) {
            CompletableFuture<Void> last = running.get();
            if (last != null) {
                last.handle((done, failed) -> done).join();
            }
        }
        return hold;
    }

    /** Gives up what is prepared behind the end; returns the number of the next segment. Only in a {@link Hold}. */
    long skipPrepared() {
        continued = Optional.empty();
        ActiveSegment prepared = appender.takePrepared();
        if (prepared != null) {
            discard(prepared);
        }
        return nextNumber;
    }

    private @Nullable CompletableFuture<Void> start(int appendBytes) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        if (!running.compareAndSet(null, mine)) {
            return null;
        }
        try {
            workers.execute(() -> run(appendBytes));
        } catch (RuntimeException | Error e) {
            running.set(null);
            mine.completeExceptionally(e);
        }
        return mine;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
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
        } catch (IOException | RuntimeException | Error e) {
            failed = e;
        }
        CompletableFuture<Void> waiting = Objects.requireNonNull(running.getAndSet(null));
        if (failed == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(failed);
        }
        if (asked) {
            start(0);
        }
    }

    /** A part is there: who waits tries again, while the next one is prepared. */
    private void tellWaiting() {
        Objects.requireNonNull(running.getAndSet(new CompletableFuture<>())).complete(null);
    }

    private void prepare(Want want, int appendBytes) throws IOException {
        if (!directoryLock.held()) {
            failure.fail(new IOException("the lock on " + storage.location() + " was taken away"));
            return;
        }
        ActiveSegment segment = want.segment();
        if (segment != null) {
            long from = segment.reserved();
            long to = Math.min(Math.max(segment.capacity, want.bytes()), Math.max(from + step, want.bytes()));
            step = Math.min(2 * step, Math.max(firstStep, segmentBytes));
            extend(segment, (int) to, appendBytes);
            return;
        }
        Optional<Tail.Continued> small = continued;
        continued = Optional.empty();
        if (small.isPresent()
                && small.get().segment().number() >= state.current().lowSegment() // not deleted meanwhile
                && ActiveSegment.needed(small.get().end(), want.bytes()) < segmentBytes) {
            appender.prepared(continueBehindFooter(small.get(), want.bytes(), appendBytes));
            return;
        }
        int capacity = (int) Math.max(segmentBytes, want.bytes());
        int reserved = (int) Math.min(capacity, Math.max(step, want.bytes()));
        ActiveSegment created = create(capacity, (int) Math.min(reserved, Math.max(part, want.bytes())), appendBytes);
        appender.prepared(created);
        if (created.reserved() < reserved) {
            tellWaiting();
            extend(created, reserved, appendBytes);
        }
    }

    /** Part by part, for an append that waits needs one only; forced when all are there. */
    private void extend(ActiveSegment segment, int end, int appendBytes) throws IOException {
        int from = segment.reserved();
        while (extendByAPart(segment, end, appendBytes)) {
            tellWaiting();
        }
        if (forcesByItself) {
            forceSpace(segment, from);
        }
    }

    /** {@return whether there is more to do} */
    private boolean extendByAPart(ActiveSegment segment, int end, int appendBytes) throws IOException {
        segment.filing.lock();
        try {
            if (segment.segment.finished()) {
                return false;
            }
            int from = segment.reserved();
            int to = (int) Math.min(end, (long) from + part);
            if (to > from) { // else all of it is there, and only what is stored through is too small
                reserve(segment.writer.file(), from, to);
                appender.extended(segment, to);
            }
            move(segment, appendBytes);
            return to < end && !closing && !failure.isFailed();
        } finally {
            segment.filing.unlock();
        }
    }

    private void forceSpace(ActiveSegment segment, int from) throws IOException {
        segment.filing.lock();
        try {
            if (!segment.segment.finished() && segment.writer.file().size() > from) { // else nothing was reserved
                tellWaiting();
                force(segment.writer.file());
            }
        } finally {
            segment.filing.unlock();
        }
    }

    private ActiveSegment create(int capacity, int reserved, int appendBytes) throws IOException {
        state.create();
        long number = nextNumber;
        SegmentHeader header = new SegmentHeader(
                state.current().log(), number, RANDOM.nextLong(), clock.millis() * 1_000_000L, nodeId);
        int forced = forcesByItself ? reserved : SegmentHeader.BYTES;
        String spare = Segment.spareName(number);
        String name = Segment.fileName(number);
        storage.delete(spare);
        try (StorageFile file = storage.create(spare)) {
            reserve(file, 0, forced);
            file.write(ByteBuffer.wrap(header.bytes()), 0);
            force(file);
        } catch (IOException | RuntimeException | Error e) {
            remove(spare);
            throw e;
        }
        try {
            storage.rename(spare, name);
            nextNumber = number + 1;
            forceDirectory();
            return firstUse(header, storage.open(name), capacity, forced, reserved, appendBytes);
        } catch (IOException | RuntimeException | Error e) {
            remove(spare);
            remove(name);
            throw e;
        }
    }

    private ActiveSegment firstUse(
            SegmentHeader header, StorageFile file, int capacity, int forced, int reserved, int appendBytes)
            throws IOException {
        try {
            if (reserved > forced) {
                reserve(file, forced, reserved);
            }
            return ready(
                    new Segment(header, new SegmentContents(1)),
                    file,
                    capacity,
                    reserved,
                    SegmentHeader.BYTES,
                    appendBytes);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private ActiveSegment continueBehindFooter(Tail.Continued small, long wanted, int appendBytes) throws IOException {
        Segment segment = small.segment();
        int from = small.end();
        int to = (int) Math.min(
                segmentBytes, Math.max(from + (long) Math.min(CONTINUED_STEP, firstStep), wanted + from));
        StorageFile file = storage.open(segment.fileName());
        try {
            rewrite(file, segment.chainEnd(), from);
            reserve(file, from, to);
            byte[] frame = openFrame(segment, from, small.check());
            file.write(ByteBuffer.wrap(frame), from);
            force(file);
            segment.resume();
            ActiveSegment ready = ready(segment, file, segmentBytes, to, from + frame.length, appendBytes);
            ready.opened = true;
            ready.lastCheck = Bytes.getInt(frame, 4);
            return ready;
        } catch (IOException | RuntimeException | Error e) {
            takeBack(segment, file, from, e);
            throw e;
        }
    }

    /** If the force of the footer failed, it is seen and may not be durable, and no later force would write it. */
    private static void rewrite(StorageFile file, long from, int to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) <= 0) {
                throw new EOFException("the footer of " + file.name() + " cannot be read");
            }
        }
        file.write(bytes.flip(), from);
    }

    /** The frame that continues a segment may be there: before another segment is used instead, it has to go for good. */
    private void takeBack(Segment segment, StorageFile file, int from, Throwable why) {
        segment.finish(segment.chainEnd(), segment.lastCheck());
        try (file) {
            file.truncate(from);
            if (!failure.isFailed()) {
                file.force();
            }
        } catch (IOException | RuntimeException | Error e) {
            why.addSuppressed(e);
            failure.fail(why);
        }
    }

    private static byte[] openFrame(Segment segment, int at, int footerCheck) {
        byte[] frame = new byte[OpenFrame.LENGTH];
        long sequence = segment.contents().nextSequence();
        new OpenFrame(sequence, segment.number(), at, RANDOM.nextLong(), footerCheck).write(frame, 0);
        int kind = Frame.kind(FrameType.OPEN, 0, 0);
        Bytes.putInt(frame, Frame.KIND_AT, kind);
        int bodyCrc = Bytes.crc(frame, Frame.KIND_AT, frame.length - Frame.KIND_AT);
        Bytes.putInt(frame, 8, bodyCrc);
        int check = new Frame.Checker()
                .check(segment.header().salt(), at, sequence, frame.length, kind, bodyCrc, footerCheck);
        Bytes.putLong(frame, 0, Frame.word(frame.length, check));
        return frame;
    }

    private ActiveSegment ready(
            Segment segment, StorageFile file, int capacity, int reserved, int tail, int appendBytes)
            throws IOException {
        SegmentWriter writer =
                mapped ? MappedWriter.of(file, windowBytes) : new ChannelWriter(file, preallocator.fills());
        ActiveSegment ready = new ActiveSegment(segment, writer, capacity, preallocator.fills(), tail);
        ready.reserved(reserved);
        move(ready, appendBytes);
        return ready;
    }

    private void reserve(StorageFile file, long from, long to) throws IOException {
        try {
            preallocator.reserve(file, from, to);
        } catch (IOException | RuntimeException | Error e) {
            try {
                file.truncate(from);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void force(StorageFile file) throws IOException {
        try {
            file.force();
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
            throw e;
        }
    }

    private void forceDirectory() throws IOException {
        try {
            storage.forceDirectory();
        } catch (IOException | RuntimeException | Error e) {
            failure.fail(e);
            throw e;
        }
    }

    /** Removes a prepared segment that was never used; one that was to be continued stays as it was. */
    void discard(ActiveSegment segment) {
        if (segment.opened) {
            segment.release();
            takeBack(
                    segment.segment,
                    segment.writer.file(),
                    segment.tail - OpenFrame.LENGTH,
                    new IOException(segment.segment.fileName() + " could not be left as it was"));
        } else {
            Sealer.release(segment);
            remove(segment.segment.fileName());
        }
    }

    private void remove(String name) {
        try {
            storage.delete(name);
        } catch (IOException | OutOfMemoryError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "wal.spare.left log=" + telemetry.logName() + " file=" + name + ": opening the log removes it",
                    e);
        }
    }
}
