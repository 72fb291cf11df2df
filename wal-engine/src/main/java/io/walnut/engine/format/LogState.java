package io.walnut.engine.format;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One of the two slots of the {@code STATE} file, at 0 and 4096. The valid slot with the greater generation counts; the
 * other one is overwritten next, and forced.
 *
 * <pre>
 *    0  magic             8 bytes  {@code "WALNUTST"}
 *    8  generation        u64
 *   16  log               16 bytes the UUID of the log, as in {@link SegmentHeader}
 *   32  lowSegment        u64      no segment below it is ever read again
 *   40  lowSequence       u64      the sequence of the first record that is retained, or of the next record
 *   48  nextSegment       u64      no segment below it is ever created again
 *   56  previousSegment   u64      the last segment that was deleted, 0 if unknown
 *   64  previousEnd       u64      just past its last record
 *   72  cutSegment        u64      the segment that the last truncation cut off, 0 if it left none, or never was
 *   80  cutEnd            u64      where its last frame ends since then, a footer not counted
 *   88  cutNext           u64      the first segment that may follow: those between are gone
 *   96  cutCheck          u32      the check of that last frame
 *  100  0                 24 bytes
 *  124  crc               u32      CRC32C over the 124 bytes before
 * </pre>
 *
 * @param generation how often it was written
 * @param log the UUID of the log
 * @param lowSegment no segment below it is ever read again
 * @param lowSequence the sequence of the first record that is retained
 * @param nextSegment no segment below it is ever created again
 * @param previousSegment the last segment that was deleted, 0 if unknown
 * @param previousEnd just past its last record: the same place as the start of the log
 * @param cut what the last truncation removed; it is completed when the log is opened, if it was not before
 */
public record LogState(
        long generation,
        UUID log,
        long lowSegment,
        long lowSequence,
        long nextSegment,
        long previousSegment,
        long previousEnd,
        Cut cut)
        implements Slot {
    /**
     * What a truncation removed: everything between two places.
     *
     * @param segment the segment that it cut off, 0 if it left none, or never was
     * @param end where the last frame of that ends, a footer not counted
     * @param next the first segment that may follow
     * @param check the check of that last frame
     */
    public record Cut(long segment, long end, long next, int check) {
        /** No truncation. */
        public static final Cut NONE = new Cut(0, 0, 0, 0);

        /** {@return whether it removed what lies before an offset of a segment, or a part of that} */
        public boolean removed(long itsSegment, long offset) {
            return itsSegment == segment ? offset > end : removed(itsSegment);
        }

        /** {@return whether it removed all of a segment} */
        public boolean removed(long itsSegment) {
            return itsSegment > segment && itsSegment < next;
        }
    }

    /** The distance of the slots. */
    public static final int SLOT = 4096;

    private static final int BYTES = 128;
    private static final long MAGIC = 0x5453_5455_4E4C_4157L; // "WALNUTST" read little-endian

    /** {@return the state of a new log} */
    public static LogState first(UUID log) {
        return new LogState(1, log, 1, 1, 1, 0, 0, Cut.NONE);
    }

    /** {@return the next generation with a new low-water mark, behind the last segment that goes} */
    public LogState withLow(long segment, long sequence, long goneSegment, long goneEnd) {
        return new LogState(
                generation + 1, log, segment, sequence, Math.max(nextSegment, segment), goneSegment, goneEnd, cut);
    }

    /** {@return the next generation after a truncation} */
    public LogState withCut(Cut truncation) {
        return new LogState(
                generation + 1,
                log,
                lowSegment,
                lowSequence,
                Math.max(nextSegment, truncation.next()),
                previousSegment,
                previousEnd,
                truncation);
    }

    /** {@return the next generation with a new floor for segment numbers} */
    public LogState withNextSegment(long segment) {
        return new LogState(
                generation + 1,
                log,
                lowSegment,
                lowSequence,
                Math.max(nextSegment, segment),
                previousSegment,
                previousEnd,
                cut);
    }

    @Override
    public long offset() {
        return generation % 2 == 0 ? SLOT : 0;
    }

    @Override
    public byte[] bytes() {
        byte[] slot = new byte[BYTES];
        Bytes.putLong(slot, 0, MAGIC);
        Bytes.putLong(slot, 8, generation);
        Bytes.putLong(slot, 16, log.getMostSignificantBits());
        Bytes.putLong(slot, 24, log.getLeastSignificantBits());
        Bytes.putLong(slot, 32, lowSegment);
        Bytes.putLong(slot, 40, lowSequence);
        Bytes.putLong(slot, 48, nextSegment);
        Bytes.putLong(slot, 56, previousSegment);
        Bytes.putLong(slot, 64, previousEnd);
        Bytes.putLong(slot, 72, cut.segment());
        Bytes.putLong(slot, 80, cut.end());
        Bytes.putLong(slot, 88, cut.next());
        Bytes.putInt(slot, 96, cut.check());
        Bytes.putInt(slot, BYTES - 4, Bytes.crc(slot, 0, BYTES - 4));
        return slot;
    }

    /** {@return the slot at an index of a little-endian buffer, or null if there is no valid one} */
    public static @Nullable LogState read(ByteBuffer source, int at) {
        if (source.limit() < at + BYTES) {
            return null;
        }
        byte[] slot = new byte[BYTES];
        source.get(at, slot);
        if (Bytes.getLong(slot, 0) != MAGIC || Bytes.crc(slot, 0, BYTES - 4) != Bytes.getInt(slot, BYTES - 4)) {
            return null;
        }
        return new LogState(
                Bytes.getLong(slot, 8),
                new UUID(Bytes.getLong(slot, 16), Bytes.getLong(slot, 24)),
                Bytes.getLong(slot, 32),
                Bytes.getLong(slot, 40),
                Bytes.getLong(slot, 48),
                Bytes.getLong(slot, 56),
                Bytes.getLong(slot, 64),
                new Cut(
                        Bytes.getLong(slot, 72),
                        Bytes.getLong(slot, 80),
                        Bytes.getLong(slot, 88),
                        Bytes.getInt(slot, 96)));
    }
}
