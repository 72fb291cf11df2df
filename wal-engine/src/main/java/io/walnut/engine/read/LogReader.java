package io.walnut.engine.read;

import io.walnut.api.Damage;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.ReadOptions;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.ChunkDirectory;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.SparseIndex;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cursor over all segments of a log, with a buffer and a file of its own. */
public final class LogReader implements WalReader {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int TELL_EVERY = 1024;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final ReadableLog log;
    private final boolean durableOnly;
    private final @Nullable InstantSource expiryClock;
    private final @Nullable Consumer<Damage> onDamage;
    private @Nullable FrameFinder finder;
    private @Nullable Segment segment;
    private volatile @Nullable StorageFile file;
    private @Nullable FrameCursor cursor;
    private long followingSegment;
    private long expectedSequence = -1;
    private boolean onRecord;
    private long place;
    private int recordsRead;
    private long bytesRead;
    private volatile boolean closed;

    private ByteBuffer viewed = EMPTY;
    private ByteBuffer keyView = EMPTY;
    private ByteBuffer storedView = EMPTY;
    private ByteBuffer codecInput = EMPTY;
    private final Decompressor decompressor;
    private ByteBuffer plain = EMPTY;
    private ByteBuffer plainView = EMPTY;
    private boolean decompressed;

    /**
     * A reader that stands before the record at a position.
     *
     * @throws PositionUnavailableException if there is no such place
     */
    public LogReader(ReadableLog log, Position from, ReadOptions options) {
        this.log = log;
        this.durableOnly = options.durableOnly();
        this.expiryClock = options.expiryClock().orElse(null);
        this.onDamage = options.onDamage().orElse(null);
        this.decompressor = new Decompressor(log);
        try {
            goTo(from);
        } catch (RuntimeException | Error e) {
            closeFile();
            throw e;
        }
    }

    private void goTo(Position from) {
        long wanted = Place.of(from);
        long end = log.readableEnd(durableOnly, Long.MAX_VALUE);
        place = wanted;
        if (from.equals(Position.START)) {
            followingSegment = 1;
            return;
        }
        if (wanted > end) {
            throw unavailable(from, "lies beyond the end of what can be read");
        }
        Segment found = log.stored().catalog().atOrAfter(from.segment());
        if (found == null || found.number() != from.segment()) {
            ReadableLog.LowWater low = log.lowWater();
            if (wanted == low.place() || wanted == end) {
                followingSegment = from.segment() + 1;
                expectedSequence = wanted == low.place() ? low.sequence() : -1;
                return;
            }
            throw unavailable(
                    from,
                    from.compareTo(log.start()) < 0 ? "is below what is retained" : "is in no segment of the log");
        }
        enter(found);
        if (from.offset() > 0) {
            goToOffset(found, from, end);
        }
    }

    private void goToOffset(Segment found, Position from, long end) {
        FrameCursor frames = cursor();
        SparseIndex index = log.index(found);
        int entry = index.floor(from.offset());
        if (entry >= 0) {
            frames.seek(index, entry);
        }
        long limit = limit(found, end);
        while (frames.nextOffset() < from.offset()) {
            FrameCursor.Step step = step(frames, limit);
            if (step == FrameCursor.Step.INVALID || step == FrameCursor.Step.ZEROS) {
                if (isTruncated(frames)) {
                    throw truncated();
                }
                if (onDamage == null || !pass(frames, found, limit)) {
                    throw corrupt(frames, step);
                }
            }
            if (step == FrameCursor.Step.END) {
                break;
            }
        }
        if (frames.nextOffset() != from.offset()) {
            throw unavailable(from, "is not where a record starts or ends");
        }
        place = Place.of(found.number(), frames.nextOffset());
    }

    @Override
    public boolean next() {
        checkOpen();
        long end = log.readableEnd(durableOnly, place);
        while (!next(end)) {
            long more = log.readableEnd(durableOnly, end);
            if (more <= end) {
                return false;
            }
            end = more;
        }
        return true;
    }

    private boolean next(long end) {
        while (true) {
            Segment current = segment;
            if (current == null) {
                current = log.stored().catalog().atOrAfter(followingSegment);
                if (current == null || current.number() > Place.segment(end)) {
                    passDeleted();
                    tellRead();
                    return false;
                }
                enter(current);
            }
            FrameCursor frames = cursor();
            if (current.finished() && frames.nextOffset() > current.chainEnd()) {
                throw truncated();
            }
            boolean last = Place.segment(end) <= current.number();
            if (Place.segment(end) < current.number()) {
                return false;
            }
            FrameCursor.Step step = step(frames, limit(current, end));
            onRecord &= step == FrameCursor.Step.END; // of what the cursor left nothing can be told any more
            switch (step) {
                case FRAME:
                    boolean found = frames.isRecord() && !isSkipped(frames);
                    decompressed = found && frames.codec() != Codecs.NONE_ID;
                    if (decompressed && !decompress(frames)) {
                        found = false;
                    }
                    place = Place.of(current.number(), frames.nextOffset());
                    if (found) {
                        onRecord = true;
                        bytesRead += frames.nextOffset() - frames.offset();
                        if (++recordsRead == TELL_EVERY) {
                            tellRead();
                        }
                        return true;
                    }
                    if (frames.type() == FrameType.OPEN) {
                        checkSequence(frames);
                    }
                    break;
                case END:
                    if (last) {
                        tellRead();
                        return false;
                    }
                    expectedSequence = frames.nextSequence();
                    followingSegment = current.number() + 1;
                    segment = null;
                    break;
                default:
                    if (!isTruncated(frames)) {
                        if (onDamage == null) {
                            throw corrupt(frames, step);
                        }
                        if (skip(frames, step, current, end)) {
                            break;
                        }
                        return false;
                    }
                    if (frames.offset() > current.chainEnd()) {
                        throw truncated();
                    }
                    frames.forget(); // a truncation ended the log where the reader stands, just after it saw a later
                    // end
                    return false;
            }
        }
    }

    /** Goes on behind damage; returns false where nothing more can be read yet. */
    private boolean skip(FrameCursor frames, FrameCursor.Step step, Segment current, long end) {
        long at = frames.nextOffset();
        long first = frames.nextSequence();
        String why = problem(frames, step);
        long limit = limit(current, end);
        if (!pass(frames, current, limit)) {
            if (!current.finished()) {
                place = Math.max(place, end); // what is appended next may verify
                return false;
            }
            frames.skip(limit, current.contents().nextSequence(), current.lastCheck());
        }
        report(current, at, first, frames.nextSequence(), why);
        place = Place.of(current.number(), frames.nextOffset());
        return true;
    }

    private boolean pass(FrameCursor frames, Segment in, long limit) {
        FrameFinder searching = finder;
        if (searching == null) {
            searching = new FrameFinder();
            finder = searching;
        }
        try {
            return searching.pass(frames, limit, log.index(in));
        } catch (IOException e) {
            throw failed(frames, e);
        }
    }

    private void report(Segment in, long offset, long first, long next, String why) {
        damaged(new WalCorruptException(
                "skipped damage in " + log.stored().storage().location() + "/" + name() + " at offset " + offset + ": "
                        + why + "; " + (next - first) + " records from sequence " + first + " on are missing",
                name(),
                new Position(in.number(), offset)));
        Objects.requireNonNull(onDamage).accept(new Damage(name(), offset, first, next, why));
    }

    /** {@return up to where a segment can be read, if the log can up to an end} That end may be older than a truncation. */
    static long limit(Segment of, long end) {
        if (Place.segment(end) != of.number()) {
            return of.chainEnd();
        }
        return of.finished() ? Math.min(Place.offset(end), of.chainEnd()) : Place.offset(end);
    }

    private boolean isSkipped(FrameCursor frames) {
        InstantSource clock = expiryClock;
        return clock != null
                && frames.ttl() != 0
                && frames.expiry() <= TimeUnit.MILLISECONDS.toNanos(clock.millis()); // an instant would be garbage
    }

    /** There is no segment to go on in: what lies before the end was deleted. */
    private void passDeleted() {
        ReadableLog.LowWater low = log.lowWater();
        if (expectedSequence < 0) {
            expectedSequence = low.sequence();
            place = Math.max(place, low.place());
        } else if (expectedSequence < low.sequence()) {
            throw deleted();
        }
    }

    private void tellRead() {
        if (recordsRead > 0) {
            log.read(recordsRead, bytesRead);
            recordsRead = 0;
            bytesRead = 0;
        }
    }

    @Override
    public boolean next(Duration timeout) {
        long left = TimeUnit.NANOSECONDS.convert(timeout); // the most there is for a longer one
        while (true) {
            if (next()) {
                return true;
            }
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            left = log.await(place, durableOnly, left);
        }
    }

    private FrameCursor.Step step(FrameCursor frames, long limit) {
        try {
            return frames.next(limit);
        } catch (IOException e) {
            throw failed(frames, e);
        }
    }

    private WalException failed(FrameCursor frames, IOException e) {
        onRecord = false;
        checkOpen();
        if (e instanceof NoSuchFileException) {
            return deleted();
        }
        if (isTruncated(frames)) {
            return truncated();
        }
        log.readFailed();
        return new WalException(
                Reason.IO,
                Outcome.NONE,
                "reading " + name() + " at " + frames.nextOffset() + " failed: " + e,
                e,
                name(),
                Place.position(place));
    }

    private void enter(Segment entered) {
        closeFile();
        try {
            StorageFile opened = log.stored().storage().openReadOnly(entered.fileName());
            file = opened;
            if (closed) { // while it was being opened: whoever closed saw nothing to close
                closeFile();
                checkOpen();
            }
            segment = entered;
            if (cursor == null) {
                cursor = new FrameCursor(BUFFER_BYTES);
            }
            cursor().start(opened, entered.header().salt());
            if (onDamage != null) {
                cursor().expect(entered.contents().baseSequence(), 0);
            }
        } catch (NoSuchFileException e) {
            throw deleted();
        } catch (IOException e) {
            log.readFailed();
            throw new WalException(
                    Reason.IO,
                    Outcome.NONE,
                    "opening " + entered.fileName() + " failed: " + e,
                    e,
                    entered.fileName(),
                    null);
        }
        place = Math.max(place, Place.of(entered.number(), 0));
    }

    private void checkSequence(FrameCursor frames) {
        if (expectedSequence >= 0 && frames.nextSequence() != expectedSequence) {
            closeFile(); // so that the next move comes to it again
            throw deleted();
        }
        expectedSequence = -1; // a later OPEN frame of the same segment continues the chain
    }

    @SuppressWarnings("ReferenceEquality") // another buffer, not one with other bytes
    private boolean decompress(FrameCursor frames) {
        look(frames);
        ByteBuffer value;
        try {
            value = decompressor.decompress(
                    frames,
                    codecInput,
                    log.stored().maxValueBytes(),
                    name(),
                    new Position(Place.segment(place), frames.offset()));
        } catch (WalCorruptException e) {
            if (onDamage != null) {
                onDamage.accept(new Damage(
                        name(),
                        frames.offset(),
                        frames.sequence(),
                        frames.sequence() + 1,
                        String.valueOf(e.getMessage())));
                return false;
            }
            comeAgain(frames);
            throw e;
        } catch (RuntimeException | Error e) {
            comeAgain(frames);
            throw e;
        }
        if (value != plain) {
            plain = value;
            plainView = value.asReadOnlyBuffer();
        }
        return true;
    }

    /** The next move comes to the same frame. */
    private static void comeAgain(FrameCursor frames) {
        frames.seek(frames.offset(), frames.sequence(), frames.checkBefore());
    }

    @SuppressWarnings("ReferenceEquality") // another buffer, not one with other bytes
    private void look(FrameCursor frames) {
        if (viewed != frames.buffer()) {
            viewed = frames.buffer();
            keyView = viewed.asReadOnlyBuffer();
            storedView = viewed.asReadOnlyBuffer();
            codecInput = viewed.duplicate();
        }
        codecInput.clear();
    }

    /** {@return whether the next record is expected at a place; of a thread that is not the reader's, a guess} */
    public boolean isAt(long itsPlace) {
        return place == itsPlace;
    }

    private FrameCursor current() {
        if (closed) {
            checkOpen();
        }
        if (!onRecord) {
            throw new NoSuchElementException("the reader stands on no record: call next() first");
        }
        return cursor();
    }

    private FrameCursor cursor() {
        FrameCursor frames = cursor;
        if (frames == null) {
            throw new IllegalStateException("no segment was entered");
        }
        return frames;
    }

    @Override
    public Position position() {
        return new Position(Place.segment(place), current().offset());
    }

    @Override
    public Position nextPosition() {
        return Place.position(place);
    }

    @Override
    public long sequence() {
        return current().sequence();
    }

    @Override
    public WalRecord.Kind kind() {
        return current().type() == FrameType.DELETE ? WalRecord.Kind.DELETE : WalRecord.Kind.PUT;
    }

    @Override
    public ByteBuffer key() {
        FrameCursor frames = current();
        look(frames);
        return keyView.limit(frames.keyAt() + frames.keyBytes()).position(frames.keyAt());
    }

    @Override
    public ByteBuffer value() {
        FrameCursor frames = current();
        if (frames.isStreamed()) {
            throw new RecordTooLargeException("the value at " + position() + " has " + valueLength()
                    + " bytes and was appended as a stream: read it by valueStream()");
        }
        if (decompressed) {
            return plainView.limit(frames.plainBytes()).position(0);
        }
        look(frames);
        int from = frames.keyAt() + frames.keyBytes();
        return storedView.limit(from + frames.valueBytes()).position(from);
    }

    @Override
    public boolean isStreamed() {
        return current().isStreamed();
    }

    @Override
    public long valueLength() {
        return isStreamed() ? directory().valueBytes() : value().remaining();
    }

    @Override
    public InputStream valueStream() {
        return isStreamed() ? new ChunkStream(log, position(), directory()) : WalReader.super.valueStream();
    }

    private ChunkDirectory directory() {
        FrameCursor frames = current();
        look(frames);
        int from = frames.keyAt() + frames.keyBytes();
        ByteBuffer copy = ByteBuffer.allocate(frames.valueBytes());
        copy.put(codecInput.limit(from + frames.valueBytes()).position(from)).flip();
        return Objects.requireNonNull(ChunkDirectory.read(copy), "the cursor has verified it");
    }

    @Override
    public Instant timestamp() {
        return Segment.instant(current().timestamp());
    }

    @Override
    public Optional<Instant> expiresAt() {
        FrameCursor frames = current();
        return frames.ttl() == 0
                ? Optional.empty()
                : Optional.of(Segment.instant(frames.timestamp()).plusNanos(frames.ttl()));
    }

    @Override
    public WalRecord record() {
        FrameCursor frames = current();
        byte[] key = copy(key());
        WalRecord record = kind() == WalRecord.Kind.DELETE
                ? WalRecord.delete(key)
                : frames.isStreamed() ? WalRecord.streamed(key, valueLength()) : WalRecord.put(key, copy(value()));
        record = record.withTimestamp(timestamp());
        if (frames.ttl() > 0) {
            record = record.withTtl(Duration.ofNanos(frames.ttl()));
        }
        return frames.term() < 0 ? record : record.withVersion(frames.term(), frames.index());
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tellRead();
            log.closed(this);
        }
    }

    /**
     * Frees the file. Called by the thread that closes the reader or the log, while another may read: what only the reading
     * thread uses is left as it is.
     */
    public void free() {
        closed = true;
        freeFile();
    }

    private void closeFile() {
        segment = null;
        onRecord = false;
        freeFile();
    }

    private void freeFile() {
        StorageFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.close.failed", e);
            }
        }
    }

    private void checkOpen() {
        log.checkNotClosed();
        if (closed) {
            throw new WalClosedException("the reader is closed");
        }
    }

    private String name() {
        StorageFile open = file;
        return open == null ? "" : open.name();
    }

    private WalCorruptException corrupt(FrameCursor frames, FrameCursor.Step step) {
        return damaged(new WalCorruptException(
                "damage in " + log.stored().storage().location() + "/" + name() + " at offset " + frames.offset() + ": "
                        + problem(frames, step)
                        + "; the record with sequence " + frames.nextSequence()
                        + " and those behind it cannot be read; run verify, restore a copy, or salvage",
                name(),
                new Position(Place.segment(place), frames.offset())));
    }

    private static String problem(FrameCursor frames, FrameCursor.Step step) {
        return step == FrameCursor.Step.ZEROS ? "there are zeros where a record was" : frames.problem();
    }

    private WalCorruptException damaged(WalCorruptException damage) {
        log.damaged(damage);
        return damage;
    }

    private boolean isTruncated(FrameCursor frames) {
        Segment current = segment;
        return current != null && log.isTruncated(current, frames.offset());
    }

    private PositionUnavailableException truncated() {
        return unavailable(Place.position(place), "was removed by a truncation, or lies behind what was");
    }

    private PositionUnavailableException deleted() {
        Position from = Place.position(place);
        return unavailable(from, "was deleted before it was read");
    }

    private PositionUnavailableException unavailable(Position position, String why) {
        Position start = log.start();
        Position end = Place.position(log.readableEnd(durableOnly));
        return new PositionUnavailableException(
                "position " + position + " " + why + "; the log goes from " + start + " to " + end,
                position,
                start,
                end);
    }
}
