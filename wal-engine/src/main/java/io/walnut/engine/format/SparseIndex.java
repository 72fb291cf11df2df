package io.walnut.engine.format;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where in a segment reading can begin: an entry for about every {@link #STRIDE} bytes, at the start of a record that is
 * the first of its batch. An entry holds what the check of its frame needs. One thread adds; readers take a {@link
 * #snapshot()}.
 *
 * <pre>
 *    0  offset         u64  where the record starts
 *    8  sequence       u64  its sequence
 *   16  maxTimestamp   i64  the greatest timestamp of all records before it in the segment; Long.MIN_VALUE if none
 *   24  previousCheck  u32  the check of the frame before
 *   28  0              u32
 * </pre>
 */
public final class SparseIndex {
    /** The bytes of an entry. */
    public static final int ENTRY = 32;

    /** How far apart entries are at the least. */
    public static final int STRIDE = 64 << 10;

    private static final int LONGS = 4;
    private long[] entries;
    private int size;

    /** An empty index. */
    public SparseIndex() {
        this(new long[2 * LONGS], 0);
    }

    private SparseIndex(long[] entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    /** {@return whether a record at this offset should be added} */
    public boolean wants(long offset) {
        return size == 0 || offset - offset(size - 1) >= STRIDE;
    }

    /** Makes room for entries, so that adding them allocates nothing. */
    public void reserve(int capacity) {
        if (capacity * LONGS > entries.length) {
            entries = Arrays.copyOf(entries, capacity * LONGS);
        }
    }

    /** Adds an entry behind the others. */
    public void add(long offset, long sequence, long maxTimestamp, int previousCheck) {
        int at = size * LONGS;
        if (at == entries.length) {
            entries = Arrays.copyOf(entries, 2 * at);
        }
        entries[at] = offset;
        entries[at + 1] = sequence;
        entries[at + 2] = maxTimestamp;
        entries[at + 3] = Integer.toUnsignedLong(previousCheck);
        size++;
    }

    /** {@return an index with these entries, to which nothing will be added} */
    public SparseIndex snapshot() {
        return new SparseIndex(Arrays.copyOf(entries, Math.max(1, size) * LONGS), size);
    }

    /** {@return how many entries there are} */
    public int size() {
        return size;
    }

    /** {@return the offset of an entry} */
    public long offset(int entry) {
        return entries[entry * LONGS];
    }

    /** {@return the sequence of an entry} */
    public long sequence(int entry) {
        return entries[entry * LONGS + 1];
    }

    /** {@return the greatest timestamp before an entry} */
    public long maxTimestamp(int entry) {
        return entries[entry * LONGS + 2];
    }

    /** {@return the check before an entry} */
    public int previousCheck(int entry) {
        return (int) entries[entry * LONGS + 3];
    }

    /** {@return the last entry at or before an offset, -1 if there is none} */
    public int floor(long offset) {
        return last(0, offset);
    }

    /** {@return the last entry at or before a sequence, -1 if there is none} */
    public int floorOfSequence(long sequence) {
        return last(1, sequence);
    }

    /** {@return the last entry before which everything in the segment is stamped earlier than this, -1 if there is none} */
    public int floorOfTime(long nanos) {
        return nanos == Long.MIN_VALUE ? -1 : last(2, nanos - 1);
    }

    private int last(int field, long atMost) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries[middle * LONGS + field] <= atMost) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    void write(byte[] target, int at) {
        for (int i = 0; i < size * LONGS; i++) {
            Bytes.putLong(target, at + 8 * i, entries[i]);
        }
    }

    static SparseIndex read(ByteBuffer source, int at, int count) {
        long[] entries = new long[Math.max(1, count) * LONGS];
        for (int i = 0; i < count * LONGS; i++) {
            entries[i] = source.getLong(at + 8 * i);
        }
        return new SparseIndex(entries, count);
    }
}
