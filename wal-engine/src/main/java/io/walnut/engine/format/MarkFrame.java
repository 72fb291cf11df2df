package io.walnut.engine.format;

import java.nio.ByteBuffer;

/**
 * The body of a MARK frame: a witness that everything before a position had been forced when it was written. It holds
 * what its own check needs, so it can be verified behind damage.
 *
 * <pre>
 *   16  durableSegment   u64
 *   24  durableOffset    u32  everything before it in the log is on the device
 *   28  previousCheck    u32  the check of the frame before
 *   32  sequence         u64  the sequence of the next record
 * </pre>
 *
 * @param durableSegment the segment of the durable position
 * @param durableOffset its offset
 * @param previousCheck the check of the frame before
 * @param sequence the sequence of the next record
 */
public record MarkFrame(long durableSegment, long durableOffset, int previousCheck, long sequence) {
    /** The length of the frame. */
    public static final int LENGTH = Frame.HEAD + 24;

    /** Writes the body of the frame that starts at an offset of the array. */
    public static void write(
            byte[] target, int frame, long durableSegment, long durableOffset, int previousCheck, long sequence) {
        int at = frame + Frame.HEAD;
        Bytes.putLong(target, at, durableSegment);
        Bytes.putInt(target, at + 8, (int) durableOffset);
        Bytes.putInt(target, at + 12, previousCheck);
        Bytes.putLong(target, at + 16, sequence);
    }

    /** {@return the frame that starts at an index of a little-endian buffer} */
    public static MarkFrame read(ByteBuffer source, int frame) {
        int at = frame + Frame.HEAD;
        return new MarkFrame(
                source.getLong(at),
                Integer.toUnsignedLong(source.getInt(at + 8)),
                source.getInt(at + 12),
                source.getLong(at + 16));
    }
}
