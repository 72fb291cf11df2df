package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Makes segments that can be appended to: new ones, and small ones that are continued behind their footer. For one thread
 * at a time.
 */
final class SegmentMaker {
    /** The first piece behind a footer: a segment that was small in one life may be so in the next. */
    private static final int CONTINUED_STEP = 128 << 10;

    private static final System.Logger LOG = System.getLogger("io.walnut.engine");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Storage storage;
    private final StateFile state;
    private final Preallocator preallocator;
    private final boolean fillsAhead;
    private final int segmentBytes;
    private final int firstStep;
    private final String nodeId;
    private final StampClock clock;
    private final Failure failure;
    private final String logName;
    private final long found;
    private final long foundEnd;
    private boolean settled;
    private boolean writesSpace = true;
    private long nextNumber;

    /** Behind the tail that was found. */
    SegmentMaker(
            Storage storage,
            StateFile state,
            LogOptions options,
            Clock clock,
            Failure failure,
            String logName,
            Tail tail) {
        this.storage = storage;
        this.state = state;
        this.preallocator = options.preallocator();
        this.fillsAhead = options.fsync().forcesEachAppend();
        this.segmentBytes = options.segmentBytes();
        this.firstStep = options.reserveBytes();
        this.nodeId = options.nodeId();
        this.clock = new StampClock(clock, logName);
        this.failure = failure;
        this.logName = logName;
        this.found = tail.segment();
        this.foundEnd = tail.chainEnd();
        this.nextNumber = tail.nextNumber();
    }

    /** {@return the number that the next new segment gets} */
    long nextNumber() {
        return nextNumber;
    }

    /** {@return whether space is reserved by writing to it, as far as is known} */
    boolean writesSpace() {
        return writesSpace;
    }

    /** {@return whether a write into reserved space cannot fail for want of space} */
    boolean fills() {
        return preallocator.fills();
    }

    /** {@return a new segment with space reserved in it, whose header and name are durable} */
    ActiveSegment create(int capacity, int reserved) throws IOException {
        state.create();
        settle();
        long number = nextNumber;
        if (!Place.isSegment(number)) {
            throw new IOException("the log has used all numbers of segments, up to " + Place.MAX_SEGMENT
                    + ": go on in a new directory");
        }
        SegmentHeader header =
                new SegmentHeader(state.current().log(), number, RANDOM.nextLong(), clock.nanos(), nodeId);
        int forced = fillsAhead ? reserved : SegmentHeader.BYTES;
        String spare = Segment.spareName(number);
        String name = Segment.fileName(number);
        storage.delete(spare);
        try (StorageFile file = storage.create(spare)) {
            if (forced > SegmentHeader.BYTES) {
                reserve(file, 0, forced);
            }
            file.write(ByteBuffer.wrap(header.bytes()), 0);
            failure.force(file::force);
        } catch (IOException | RuntimeException | Error e) {
            remove(spare);
            throw e;
        }
        try {
            storage.rename(spare, name);
            nextNumber = number + 1;
            failure.force(storage::forceDirectory);
            return firstUse(header, storage.open(name), capacity, forced, reserved);
        } catch (IOException | RuntimeException | Error e) {
            remove(spare);
            remove(name);
            throw e;
        }
    }

    private ActiveSegment firstUse(SegmentHeader header, StorageFile file, int capacity, int forced, int reserved)
            throws IOException {
        try {
            if (reserved > forced) {
                reserve(file, forced, reserved);
            }
            return ready(new Segment(header, new SegmentContents(1)), file, capacity, reserved, SegmentHeader.BYTES);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** {@return a small segment, to be appended to behind its footer} */
    ActiveSegment continueBehindFooter(Tail.Continued small, int appendBytes) throws IOException {
        Segment segment = small.segment();
        int from = small.end();
        int to = (int) Math.min(
                segmentBytes,
                Math.max(from + (long) Math.min(CONTINUED_STEP, firstStep), small.neededFor(appendBytes)));
        OwnFile.ensure(storage, segment.fileName(), failure);
        StorageFile file = storage.open(segment.fileName());
        try {
            rewrite(file, segment.chainEnd(), from);
            settled = true; // by the force below; if that fails, the log does
            reserve(file, from, to);
            byte[] frame = openFrame(segment, from, small.check());
            file.write(ByteBuffer.wrap(frame), from);
            failure.force(file::force);
            segment.resume();
            ActiveSegment ready = ready(segment, file, segmentBytes, to, from + frame.length);
            ready.opened = true;
            ready.lastCheck = Bytes.getInt(frame, 4);
            return ready;
        } catch (IOException | RuntimeException | Error e) {
            takeBack(segment, file, from, e);
            throw e;
        }
    }

    /**
     * How the last segment ends may be no more than seen: the force of its footer failed, or never came, or what was cut
     * off behind it may come back. Before another one continues it, that is made durable.
     */
    private void settle() throws IOException {
        if (settled) {
            return;
        }
        if (found >= state.current().lowSegment() && !state.current().cut().removed(found)) {
            OwnFile.ensure(storage, Segment.fileName(found), failure);
            try (StorageFile file = storage.open(Segment.fileName(found))) {
                rewrite(file, Math.min(foundEnd, file.size()), file.size());
                failure.force(file::force);
            }
        }
        settled = true;
    }

    /** No later force would write what a failed one left. */
    private static void rewrite(StorageFile file, long from, long to) throws IOException {
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
            if (OwnFile.ensure(storage, segment.fileName(), failure)) {
                try (StorageFile own = storage.open(segment.fileName())) {
                    cut(own, from);
                }
            } else {
                cut(file, from);
            }
        } catch (IOException | RuntimeException | Error e) {
            why.addSuppressed(e);
            failure.fail(why);
        }
    }

    private void cut(StorageFile file, int end) throws IOException {
        file.truncate(end);
        if (!failure.isFailed()) {
            file.force();
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

    private ActiveSegment ready(Segment segment, StorageFile file, int capacity, int reserved, int tail) {
        ActiveSegment ready = new ActiveSegment(segment, file, capacity, preallocator.fills(), tail);
        ready.reserved(reserved);
        return ready;
    }

    /** Reserves space; of what cannot be had nothing is left. */
    void reserve(StorageFile file, long from, long to) throws IOException {
        failure.beginPreallocating();
        try {
            if (fillsAhead) {
                preallocator.reserve(file, from, to);
            } else {
                writesSpace = !preallocator.reserveOnly(file, from, to);
            }
        } catch (IOException | RuntimeException | Error e) {
            try {
                file.truncate(from);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        } finally {
            failure.endPreallocating();
        }
    }

    /** Removes a prepared segment that was never used; one that was to be continued stays as it was. */
    void discard(ActiveSegment segment) {
        if (segment.opened) {
            takeBack(
                    segment.segment,
                    segment.file,
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
                    "wal.spare.left log=" + logName + " file=" + name + ": opening the log removes it",
                    e);
        }
    }
}
