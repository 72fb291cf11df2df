package io.walnut.engine.log;

import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The tail of the log: the short critical section in which frames get their place, their sequence and their check, and
 * are stored. Waits for nothing while it holds the lock, and never forces.
 */
final class Appender {
    /** What an append lacks. */
    static final int LACKS_TURN = -1;

    static final int LACKS_SPACE = -2;
    static final int LACKS_STAGE = -3;
    static final int LACKS_FORCE = -4;

    private static final int LACKS_NOTHING = 0;

    /** A force of so many bytes takes so long that it hardly matters whether it also changes the file's size. */
    private static final int FILLED_BELOW = 64 << 10;

    /** A segment of at least so many bytes, of which so much was filled in so short a time, is filled fast. */
    private static final int LARGE_SEGMENT = 16 << 20;

    private static final long FAST_NANOS = 500_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final FrameChain chain = new FrameChain();
    private final AppendCounts counts = new AppendCounts();
    private final Unforced unforced = new Unforced(counts);
    private final Failure failure;
    private final Completions completions;
    private final SegmentCatalog catalog;
    private final LiveSegments segments;
    private final long maxUnsyncedBytes;
    private final boolean forcesEachAppend;

    private @Nullable ActiveSegment active;
    private @Nullable ActiveSegment next;
    private @Nullable ActiveSegment afterNext;
    private long rolledAt = System.nanoTime();
    private long previousSegment;
    private long previousEnd;
    private int previousCheck;
    private long nextSequence;
    private long segmentsTaken;
    private final List<Rolled> rolled = new ArrayList<>();
    private boolean closing;
    private long truncations;
    private @Nullable Pause pause;
    private long pauses;
    private final AtomicLong recordsEnd;
    private final Stage stage;

    /** Whether the append that is being placed goes through the stage. */
    private boolean staged;

    Appender(Failure failure, SegmentCatalog catalog, LogOptions options, Tail tail, Completions completions) {
        this.failure = failure;
        this.completions = completions;
        this.catalog = catalog;
        this.segments = new LiveSegments(catalog, lock, () -> active);
        this.maxUnsyncedBytes = options.maxUnsyncedBytes();
        this.forcesEachAppend = options.fsync().forcesEachAppend();
        previousSegment = tail.segment();
        previousEnd = tail.chainEnd();
        previousCheck = tail.lastCheck();
        nextSequence = tail.nextSequence();
        recordsEnd = new AtomicLong(tail.recordsEnd());
        stage = new Stage(Math.max(tail.recordsEnd(), Place.of(tail.segment(), tail.chainEnd())));
    }

    /**
     * Appends what a buffer holds, if that is possible at once.
     *
     * @return what it is time to prepare, as {@link ActiveSegment#due} says; or what it lacks, and nothing was appended
     */
    int tryToAppend(AppendBuffer buffer) {
        boolean begun = false;
        StackProbe.shortly(buffer);
        lock.lock();
        try {
            failure.checkOpen();
            if (closing) {
                throw new WalClosedException("the log is being closed");
            }
            if (buffer.truncations >= 0 && buffer.truncations != truncations) {
                throw new WalException(
                        Reason.IO, // of the value that was being read
                        Outcome.REJECTED,
                        "the log was truncated while a value was being appended; append it again",
                        null);
            }
            if (isLong(buffer.size())) {
                StackProbe.deeply();
            }
            begun = true;
            int lack = lack(buffer.size());
            return lack == LACKS_NOTHING ? place(buffer) : lack;
        } catch (WalException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (!begun && e instanceof StackOverflowError) {
                throw e;
            }
            failure.fail(e); // out of memory between two steps, for instance: the tail is not what it seems
            throw failure.exception(Outcome.INDETERMINATE);
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether an append takes more than a store to memory: it begins a segment, or goes through the channel} */
    private boolean isLong(int size) {
        ActiveSegment current = active;
        return current == null || !current.fits(size) || unforced.bytes() == 0 || !isStaged(current, size);
    }

    private int lack(int size) {
        if (pause != null) {
            return LACKS_TURN;
        }
        long unsynced = unforced.bytes();
        if (unsynced + size > maxUnsyncedBytes && unsynced > 0) {
            return LACKS_FORCE;
        }
        ActiveSegment current = active;
        if (current != null && current.fits(size)) {
            return stageLack(current, size);
        }
        if (current != null && current.couldFit(size)) {
            if (!forcesEachAppend || current.extending) {
                return LACKS_SPACE;
            }
            staged = false; // the write asks for its space, and comes before the acknowledgement anyway
            return stage.isEmpty() ? LACKS_NOTHING : LACKS_STAGE;
        }
        ActiveSegment prepared = next;
        if (prepared == null || !prepared.fits(size)) {
            return LACKS_SPACE;
        }
        int lack = stageLack(prepared, size);
        if (lack == LACKS_NOTHING) {
            roll(prepared);
        }
        return lack;
    }

    /** {@return whether an append is staged: its space is reserved for good, and it leaves room for others} */
    private boolean isStaged(ActiveSegment target, int size) {
        return target.filled && staging(size) <= stage.most();
    }

    /** {@return how much room an append takes in the stage at most} */
    private static int staging(int size) {
        return size + MarkFrame.LENGTH + OpenFrame.LENGTH;
    }

    /** Decides how an append is stored: what is written to the file at once comes behind everything that is staged. */
    private int stageLack(ActiveSegment target, int size) {
        staged = isStaged(target, size);
        boolean continued = target != active && target.opened; // its OPEN frame went to the file at once
        boolean ready = staged && !continued ? stage.hasRoomFor(staging(size)) && stage.canRotate() : stage.isEmpty();
        return ready ? LACKS_NOTHING : LACKS_STAGE;
    }

    private void roll(ActiveSegment prepared) {
        long began = System.nanoTime();
        ActiveSegment left = active;
        finishActive();
        Segment segment = prepared.segment;
        if (!prepared.opened) {
            AppendBuffer open = chain.open(
                    new OpenFrame(
                            nextSequence,
                            previousSegment,
                            previousEnd,
                            segment.header().salt(),
                            previousCheck),
                    prepared.tail);
            put(prepared, open, AppendBuffer.FRAMES_AT, prepared.tail + OpenFrame.LENGTH, FrameChain.checkOf(open));
            prepared.opened = true;
            if (!staged) {
                stage.passes(segment.number(), prepared.tail, nextSequence, prepared.lastCheck);
            }
            segment.contents().begin(nextSequence);
            counts.control(OpenFrame.LENGTH);
            catalog.add(segment);
        } else {
            stage.passes(segment.number(), prepared.tail, nextSequence, prepared.lastCheck);
        }
        segmentsTaken++;
        unforced.marked();
        next = afterNext; // not before its first frame is stored: a segment that was refused space is tried again
        afterNext = null;
        rolledAt = System.nanoTime();
        active = prepared;
        if (left != null) {
            rolled.add(new Rolled(
                    left.segment.number(),
                    left.tail,
                    Place.of(segment.number(), prepared.tail),
                    System.nanoTime() - began));
        }
    }

    /** Those that nobody was told of yet. */
    List<Rolled> takeRolled() {
        lock.lock();
        try {
            List<Rolled> taken = List.copyOf(rolled);
            rolled.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void finishActive() {
        ActiveSegment old = active;
        if (old != null) {
            old.segment.finish(old.tail, old.lastCheck);
            stage.ends(old, nextSequence);
            unforced.finish(old);
            previousSegment = old.segment.number();
            previousEnd = old.tail;
            previousCheck = old.lastCheck;
            active = null;
        }
    }

    private int place(AppendBuffer buffer) {
        ActiveSegment current = Objects.requireNonNull(active);
        Segment segment = current.segment;
        long salt = segment.header().salt();
        byte[] frames = buffer.bytes();
        int from = AppendBuffer.FRAMES_AT;
        int at = current.tail;
        int check = current.lastCheck;
        if (unforced.isMarkDue()) {
            from = AppendBuffer.FRAMES_AT - MarkFrame.LENGTH;
            check = chain.mark(frames, from, unforced.durableEnd(), salt, at, nextSequence, check);
            at += MarkFrame.LENGTH;
        }
        int first = at;
        int beforeFirst = check;
        long sequence = nextSequence;
        for (int i = 0, frame = AppendBuffer.FRAMES_AT; i < buffer.frames(); i++) {
            check = chain.check(frames, frame, salt, at, sequence++, check);
            int size = Bytes.align((int) Bytes.getLong(frames, frame));
            frame += size;
            at += size;
        }
        put(current, buffer, from, at, check);
        buffer.place = Place.of(segment.number(), first);
        if (buffer.chunk) {
            countChunk(segment, buffer, first, beforeFirst);
        } else {
            countRecords(segment, buffer, first, at, beforeFirst);
        }
        if (!staged) {
            stage.passes(segment.number(), at, nextSequence, check);
        }
        int due = current.due();
        if (staged && stage.endsPiece(current, nextSequence)) {
            due |= ActiveSegment.DRAIN_DUE;
        }
        return rolled.isEmpty() ? due : due | ActiveSegment.ROLLED;
    }

    /** Takes no sequence, nor can be read: only the record that closes the value does, and can. */
    private void countChunk(Segment segment, AppendBuffer buffer, int at, int checkBefore) {
        counts.chunk(buffer.size());
        segment.contents().addChunk(at, checkBefore);
        buffer.sequence = nextSequence;
        buffer.checkBefore = checkBefore;
    }

    private void countRecords(Segment segment, AppendBuffer buffer, int first, int end, int checkBefore) {
        counts.append(buffer);
        if (buffer.reach() != 0) {
            segment.contents().reach(buffer.reach());
        }
        segment.contents()
                .addBatch(
                        first,
                        end,
                        checkBefore,
                        buffer.frames(),
                        buffer.firstTimestamp(),
                        buffer.maxTimestamp(),
                        buffer.maxExpiry());
        nextSequence += buffer.frames();
        buffer.endPlace = Place.of(segment.number(), end);
        buffer.pendingBytes = unforced.bytes();
        Completion<?> completion = buffer.completion;
        if (completion != null) {
            completion.placed(Place.of(segment.number(), first), buffer.endPlace);
            completions.add(completion);
        }
        recordsEnd.setRelease(buffer.endPlace);
    }

    /** Stores what is to end at a place, a MARK frame before it if there is one, and moves the tail there. */
    private void put(ActiveSegment target, AppendBuffer source, int from, int end, int lastCheck) {
        store(target, source, from, end - target.tail);
        if (from != AppendBuffer.FRAMES_AT) {
            counts.control(MarkFrame.LENGTH);
            unforced.marked();
        }
        target.tail = end;
        target.lastCheck = lastCheck;
    }

    private void store(ActiveSegment target, AppendBuffer source, int from, int length) {
        try {
            if (unforced.bytes() == 0) {
                unforced.begins();
            }
            if (staged) {
                stage.put(source.bytes(), from, length);
            } else {
                target.file.write(source.view(from, length), target.tail);
            }
        } catch (IOException | RuntimeException | Error e) {
            if (!staged && e instanceof StorageFullException && tookBack(target)) {
                throw new WalException(
                        Reason.DISK_FULL,
                        Outcome.REJECTED,
                        "the disk is full; nothing was appended: " + e.getMessage(),
                        e);
            }
            failure.fail(e);
            throw failure.exception(Outcome.INDETERMINATE);
        }
    }

    private static boolean tookBack(ActiveSegment target) {
        try {
            target.file.truncate(target.tail);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return whether an append is safe from the death of the process as soon as it is staged} Takes no lock. */
    boolean stageSurvives() {
        return stage.survives();
    }

    /** {@return whether an append of this size is staged, and not written to the file at once} */
    boolean isStaged(int size) {
        lock.lock();
        try {
            ActiveSegment current = active;
            boolean writes = current != null && (!current.filled || !current.fits(size) && current.couldFit(size));
            return !writes && staging(size) <= stage.most();
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether the stage is more than half full} */
    boolean isStageFilling() {
        lock.lock();
        try {
            return stage.isFilling();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the stage} Its own comment says what may be done with it without the append lock. */
    Stage stage() {
        return stage;
    }

    /** The stage is in this memory from now on. Once. */
    void stageIn(StageMemory memory) {
        lock.lock();
        try {
            stage.use(memory);
            ActiveSegment current = active;
            if (current != null) {
                memory.note(current.segment.number(), current.tail, nextSequence, current.lastCheck, 0);
            } else {
                memory.note(previousSegment, previousEnd, nextSequence, previousCheck, 0);
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the memory of the stage, which nobody uses any more, or null if there is none} */
    @Nullable
    StageMemory takeStage() {
        lock.lock();
        try {
            return stage.take();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the place before which the segments have everything} Takes no lock. */
    long drainedEnd() {
        return stage.drainedEnd();
    }

    /** {@return where the log ends, records or not} */
    long tailEnd() {
        lock.lock();
        try {
            ActiveSegment current = active;
            return current != null
                    ? Place.of(current.segment.number(), current.tail)
                    : Place.of(previousSegment, previousEnd);
        } finally {
            lock.unlock();
        }
    }

    /** Lets everything that is staged be drained, and not only whole pieces. */
    void endPiece() {
        lock.lock();
        try {
            ActiveSegment current = active;
            if (current != null) {
                stage.ends(current, nextSequence);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Goes on in a larger memory, if that is possible now. Only for the thread that drains. */
    boolean growStage(StageMemory larger) {
        lock.lock();
        try {
            return stage.grow(larger);
        } finally {
            lock.unlock();
        }
    }

    /** Fills a snapshot with the tail and the segments whose content is not all forced. */
    void snapshot(Snapshot target) {
        lock.lock();
        try {
            ActiveSegment current = active;
            long chainEnd = current != null
                    ? Place.of(current.segment.number(), current.tail)
                    : Place.of(previousSegment, previousEnd);
            int check = current != null ? current.lastCheck : previousCheck;
            unforced.snapshot(target, recordsEnd.get(), chainEnd, check, current);
        } finally {
            lock.unlock();
        }
    }

    /** What a snapshot showed has been forced; returns how many bytes became durable by that. */
    long forced(Snapshot snapshot) {
        lock.lock();
        try {
            return unforced.forced(snapshot);
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more appends; what is under way ends. */
    void stop() {
        lock.lock();
        try {
            closing = true;
        } finally {
            lock.unlock();
        }
    }

    /** While it lasts nothing is appended; who wants to waits. */
    final class Pause {
        private final Gate over = new Gate();

        private Pause() {}

        void end() {
            lock.lock();
            try {
                pause = null;
            } finally {
                lock.unlock();
            }
            over.open();
        }
    }

    /** {@return a pause, which has begun} One at a time. */
    Pause pause() {
        lock.lock();
        try {
            Pause begun = new Pause();
            pause = begun;
            pauses++;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the end of a pause, if there is one. */
    void awaitTurn() {
        Pause current;
        lock.lock();
        try {
            current = pause;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.over.await();
        }
    }

    /** The log ends with this segment, which is shorter than it was; all of it is forced. Only in a {@link Pause}. */
    void cutOff(Segment last) {
        lock.lock();
        try {
            previousSegment = last.number();
            previousEnd = last.chainEnd();
            previousCheck = last.lastCheck();
            nextSequence = last.contents().nextSequence();
            truncations++;
            long end = Place.of(previousSegment, previousEnd);
            unforced.cutOff(end);
            recordsEnd.set(end);
            stage.passes(previousSegment, previousEnd, nextSequence, previousCheck);
        } finally {
            lock.unlock();
        }
    }

    /** Appending goes on in another segment. */
    void retire() {
        lock.lock();
        try {
            finishActive();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the number of the segment that is appended to, 0 if there is none, or no record in it} */
    long activeWithRecords() {
        lock.lock();
        try {
            ActiveSegment current = active;
            return current == null || current.segment.contents().records() == 0 ? 0 : current.segment.number();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appending goes on in another segment than this one.
     *
     * @return where it ends, or a negative number if it was not appended to any more
     */
    long retire(long number) {
        lock.lock();
        try {
            ActiveSegment current = active;
            if (current == null || current.segment.number() != number) {
                return -1;
            }
            finishActive();
            return current.tail;
        } finally {
            lock.unlock();
        }
    }

    /** Appending goes on in another segment, unless something was appended behind a place. */
    void retireAt(long place) {
        lock.lock();
        try {
            if (recordsEnd.get() == place) {
                finishActive();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the space that has to be prepared for an append of this size, or null if there is enough} */
    SpaceKeeper.@Nullable Want want(int appendBytes) {
        lock.lock();
        try {
            ActiveSegment current = active;
            if (current != null && current.couldFit(appendBytes) && current.reserved() < current.capacity) {
                boolean costs = appendBytes == 0 && forcesEachAppend && unforced.meanForce() > FILLED_BELOW;
                return costs ? null : new SpaceKeeper.Want(current, current.neededFor(appendBytes));
            }
            ActiveSegment prepared = next;
            if (current != null && current.fits(appendBytes) || prepared != null && prepared.fits(appendBytes)) {
                return null;
            }
            long bytes = prepared == null ? ActiveSegment.needed(appendBytes) : prepared.neededFor(appendBytes);
            return new SpaceKeeper.Want(prepared, bytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return whether it is time to prepare another segment} While appends come fast that is early, and one more is prepared:
     * the force of a segment that was left holds up whoever forces a new one.
     */
    boolean wantsSpare() {
        lock.lock();
        try {
            ActiveSegment current = active;
            if (current == null || afterNext != null) {
                return false;
            }
            boolean fast = current.capacity >= LARGE_SEGMENT && System.nanoTime() - rolledAt < FAST_NANOS;
            int part = next != null || !fast ? current.capacity / 2 : current.capacity / 8;
            return (next == null || fast) && current.tail >= part;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The room at the tail and behind it, as far as appends depend on it; two equal ones mean that nothing changed.
     *
     * @param tail where the next frame goes in the active segment, 0 without one
     * @param reserved the size of its space
     * @param drained up to where the segments have everything
     * @param next the number of the prepared segment, 0 without one
     * @param nextReserved the size of its space
     * @param forces how many bytes were forced
     * @param pauses how many pauses began
     */
    record Room(
            long segment,
            int tail,
            int reserved,
            long drained,
            long next,
            int nextReserved,
            long forces,
            long pauses) {}

    Room room() {
        lock.lock();
        try {
            ActiveSegment current = active;
            ActiveSegment prepared = next;
            return new Room(
                    current == null ? 0 : current.segment.number(),
                    current == null ? 0 : current.tail,
                    current == null ? 0 : current.reserved(),
                    stage.drainedEnd(),
                    prepared == null ? 0 : prepared.segment.number(),
                    prepared == null ? 0 : prepared.reserved(),
                    unforced.forcedBytes(),
                    pauses);
        } finally {
            lock.unlock();
        }
    }

    /** A segment has been prepared. */
    void prepared(ActiveSegment segment) {
        lock.lock();
        try {
            if (next == null) {
                next = segment;
            } else {
                afterNext = segment;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Keeps appends off the space behind what a segment has; returns where that begins, negative if it is finished. */
    int beginExtending(ActiveSegment segment) {
        lock.lock();
        try {
            if (segment.segment.finished()) {
                return -1;
            }
            segment.extending = true;
            return Math.max(segment.reserved(), segment.tail);
        } finally {
            lock.unlock();
        }
    }

    /** More space has been prepared in a segment, up to an offset, or none if that is 0. */
    void endExtending(ActiveSegment segment, int reserved) {
        lock.lock();
        try {
            segment.extending = false;
            if (reserved > 0) {
                segment.reserved(reserved);
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the segments hold} */
    LiveSegments segments() {
        return segments;
    }

    /** {@return the segment that was prepared and not used, which nobody gets any more} */
    @Nullable
    ActiveSegment takePrepared() {
        lock.lock();
        try {
            ActiveSegment prepared = next;
            next = afterNext;
            afterNext = null;
            return prepared;
        } finally {
            lock.unlock();
        }
    }

    /** {@return all segments that are open for writing, which nobody gets any more} */
    List<ActiveSegment> takeAll() {
        lock.lock();
        try {
            List<ActiveSegment> all = unforced.takeFinished();
            if (active != null) {
                all.add(active);
            }
            if (next != null) {
                all.add(next);
            }
            if (afterNext != null) {
                all.add(afterNext);
            }
            active = null;
            next = null;
            afterNext = null;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether a segment is being appended to} */
    boolean hasActive() {
        lock.lock();
        try {
            return active != null;
        } finally {
            lock.unlock();
        }
    }

    /** {@return how often the log was cut off} */
    long truncations() {
        lock.lock();
        try {
            return truncations;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the segment that was appended to last, or before it} */
    long lastSegment() {
        lock.lock();
        try {
            return previousSegment;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the sequence of the next record} */
    long nextSequence() {
        lock.lock();
        try {
            return nextSequence;
        } finally {
            lock.unlock();
        }
    }

    /** {@return just past the last record that was appended} */
    long recordsEnd() {
        return recordsEnd.get();
    }

    /** {@return how many bytes wait to be forced} */
    long unsyncedBytes() {
        lock.lock();
        try {
            return unforced.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** {@return for how many nanoseconds the oldest of the bytes that are not forced has been waiting} */
    long unsyncedNanos() {
        lock.lock();
        try {
            return unforced.nanos();
        } finally {
            lock.unlock();
        }
    }

    /** {@return what was appended since the log was opened} */
    AppendCounts.Totals totals() {
        lock.lock();
        try {
            return counts.totals();
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many segments were taken into use since the log was opened} */
    long segmentsTaken() {
        lock.lock();
        try {
            return segmentsTaken;
        } finally {
            lock.unlock();
        }
    }
}
