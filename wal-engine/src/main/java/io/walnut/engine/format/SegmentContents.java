package io.walnut.engine.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a segment holds, counted while it is written or scanned. For one thread at a time. */
public final class SegmentContents {
    private long baseSequence;
    private long records;
    private long firstRecord;
    private long recordsEnd;
    private long firstTimestamp;
    private long maxTimestamp = Long.MIN_VALUE;
    private long maxExpiry = Long.MIN_VALUE;
    private long reach;
    private final SparseIndex index;

    /** A segment without records, whose first will have this sequence. */
    public SegmentContents(long baseSequence) {
        this(baseSequence, new SparseIndex());
    }

    private SegmentContents(long baseSequence, SparseIndex index) {
        this.baseSequence = baseSequence;
        this.index = index;
    }

    /** The segment is taken into use: its first record will have this sequence. */
    public void begin(long sequence) {
        baseSequence = sequence;
    }

    /**
     * Counts a record.
     *
     * @param start where its frame starts
     * @param end where its frame ends, zeros behind it included
     * @param previousCheck the check of the frame before
     * @param batchFirst whether it is the first of its batch
     * @param timestamp nanoseconds since 1970
     * @param expiry when it expires, {@code Long.MAX_VALUE} for never
     */
    public void add(long start, long end, int previousCheck, boolean batchFirst, long timestamp, long expiry) {
        if (batchFirst) {
            addBatch(start, end, previousCheck, 1, timestamp, timestamp, expiry);
        } else {
            count(start, end, 1, timestamp, timestamp, expiry);
        }
    }

    /**
     * Counts the records of a batch, of which there can be one.
     *
     * @param start where the first of their frames starts
     * @param end where the last of them ends, zeros behind it included
     * @param previousCheck the check of the frame before
     * @param count how many they are
     * @param firstStamp the timestamp of the first, nanoseconds since 1970
     * @param lastStamp the greatest timestamp
     * @param lastExpiry when the last of them expires, {@code Long.MAX_VALUE} if one never does
     */
    public void addBatch(
            long start, long end, int previousCheck, int count, long firstStamp, long lastStamp, long lastExpiry) {
        if (index.wants(start)) {
            index.add(start, nextSequence(), maxTimestamp, previousCheck);
        }
        count(start, end, count, firstStamp, lastStamp, lastExpiry);
    }

    private void count(long start, long end, int count, long firstStamp, long lastStamp, long lastExpiry) {
        if (records == 0) {
            firstRecord = start;
            firstTimestamp = firstStamp;
        }
        records += count;
        recordsEnd = end;
        if (lastStamp > maxTimestamp) {
            maxTimestamp = lastStamp;
        }
        if (lastExpiry > maxExpiry) {
            maxExpiry = lastExpiry;
        }
    }

    /**
     * Counts a part of a streamed value.
     *
     * @param start where its frame starts
     * @param previousCheck the check of the frame before
     */
    public void addChunk(long start, int previousCheck) {
        if (index.wants(start)) {
            index.add(start, nextSequence(), maxTimestamp, previousCheck);
        }
    }

    /** The value of a record begins in this segment, or before that of another. */
    public void reach(long segment) {
        reach = reach == 0 ? segment : Math.min(reach, segment);
    }

    /** {@return a copy to which nothing will be added} */
    public SegmentContents snapshot() {
        SegmentContents copy = new SegmentContents(baseSequence, index.snapshot());
        copy.records = records;
        copy.firstRecord = firstRecord;
        copy.recordsEnd = recordsEnd;
        copy.firstTimestamp = firstTimestamp;
        copy.maxTimestamp = maxTimestamp;
        copy.maxExpiry = maxExpiry;
        copy.reach = reach;
        return copy;
    }

    /** {@return the sequence of the first record, or the one it will have} */
    public long baseSequence() {
        return baseSequence;
    }

    /** {@return the sequence that the next record has} */
    public long nextSequence() {
        return baseSequence + records;
    }

    /** {@return how many records there are} */
    public long records() {
        return records;
    }

    /** {@return where the first record starts, 0 if there is none} */
    public long firstRecord() {
        return firstRecord;
    }

    /** {@return just past the last record, 0 if there is none} */
    public long recordsEnd() {
        return recordsEnd;
    }

    /** {@return the greatest timestamp, {@code Long.MIN_VALUE} if there is no record} */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /** {@return the timestamp of the first record, 0 if there is none} */
    public long firstTimestamp() {
        return firstTimestamp;
    }

    /** {@return when the last of the records expires, {@code Long.MAX_VALUE} if one never does} */
    public long maxExpiry() {
        return maxExpiry;
    }

    /** {@return the oldest segment that holds a part of a value whose record is in this one, 0 if there is none} */
    public long reach() {
        return reach;
    }

    /** {@return where reading can begin} */
    public SparseIndex index() {
        return index;
    }

    void write(byte[] target, int at) {
        Bytes.putLong(target, at, baseSequence);
        Bytes.putLong(target, at + 8, records);
        Bytes.putLong(target, at + 16, firstRecord);
        Bytes.putLong(target, at + 24, recordsEnd);
        Bytes.putLong(target, at + 32, firstTimestamp);
        Bytes.putLong(target, at + 40, maxTimestamp);
        Bytes.putLong(target, at + 48, maxExpiry);
    }

    static @Nullable SegmentContents read(ByteBuffer source, int at, SparseIndex index) {
        SegmentContents contents = new SegmentContents(source.getLong(at), index);
        contents.records = source.getLong(at + 8);
        contents.firstRecord = source.getLong(at + 16);
        contents.recordsEnd = source.getLong(at + 24);
        contents.firstTimestamp = source.getLong(at + 32);
        contents.maxTimestamp = source.getLong(at + 40);
        contents.maxExpiry = source.getLong(at + 48);
        return contents.records < 0 || contents.baseSequence < 1 || contents.nextSequence() < 1 ? null : contents;
    }
}
