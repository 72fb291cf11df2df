package io.walnut.engine.log;

/** Counts what was appended since the log was opened. Everything happens under the append lock. */
final class AppendCounts {
    private long bytes;
    private long controlBytes;
    private long records;
    private long deletes;
    private long deletedBytes;
    private long batches;
    private int greatestRecord;

    /**
     * What was counted.
     *
     * @param controlBytes what the log wrote for itself
     * @param greatestRecord how many bytes the frame of the greatest record has
     */
    record Totals(
            long puts,
            long putBytes,
            long deletes,
            long deletedBytes,
            long controlBytes,
            long batches,
            int greatestRecord) {}

    /** {@return all bytes that were appended} */
    long bytes() {
        return bytes;
    }

    /** {@return all records that were appended} */
    long records() {
        return records;
    }

    /** The log wrote a frame for itself. */
    void control(int frameBytes) {
        bytes += frameBytes;
        controlBytes += frameBytes;
    }

    /** A part of a value was appended, which is no record. */
    void chunk(int frameBytes) {
        bytes += frameBytes;
    }

    /** The records of a buffer were appended. */
    void append(AppendBuffer buffer) {
        bytes += buffer.size();
        records += buffer.frames();
        deletes += buffer.deletes();
        deletedBytes += buffer.deletedBytes();
        batches += buffer.frames() > 1 ? 1 : 0;
        greatestRecord = Math.max(greatestRecord, buffer.greatestFrame());
    }

    Totals totals() {
        return new Totals(
                records - deletes,
                bytes - deletedBytes - controlBytes,
                deletes,
                deletedBytes,
                controlBytes,
                batches,
                greatestRecord);
    }
}
