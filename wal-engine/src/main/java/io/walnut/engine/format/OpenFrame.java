package io.walnut.engine.format;

import java.nio.ByteBuffer;

/**
 * The body of an OPEN frame: how a segment, or the continuation of one behind its footer, joins the log.
 *
 * <pre>
 *   16  baseSequence      u64  the sequence of the next record
 *   24  previousSegment   u64  the segment before, 0 if there never was one; its own number in a continuation
 *   32  previousEnd       u64  where the last frame of the one before ends (its footer not counted);
 *                              in a continuation, where the footer that it follows ends
 *   40  salt              u64  random; enters every later check through the chain
 *   48  previousCheck     u32  the check of the last frame before
 *   52  0                 u32
 * </pre>
 *
 * @param baseSequence the sequence of the next record
 * @param previousSegment the number of the segment before, or 0
 * @param previousEnd where the chain of the one before ends
 * @param salt random
 * @param previousCheck the check of the last frame before
 */
public record OpenFrame(long baseSequence, long previousSegment, long previousEnd, long salt, int previousCheck) {
    /** The length of the frame. */
    public static final int LENGTH = Frame.HEAD + 40;

    /** Writes the body of the frame that starts at an offset of the array. */
    public void write(byte[] target, int frame) {
        int at = frame + Frame.HEAD;
        Bytes.putLong(target, at, baseSequence);
        Bytes.putLong(target, at + 8, previousSegment);
        Bytes.putLong(target, at + 16, previousEnd);
        Bytes.putLong(target, at + 24, salt);
        Bytes.putInt(target, at + 32, previousCheck);
        Bytes.putInt(target, at + 36, 0);
    }

    /** {@return the frame that starts at an index of a little-endian buffer} */
    public static OpenFrame read(ByteBuffer source, int frame) {
        int at = frame + Frame.HEAD;
        return new OpenFrame(
                source.getLong(at),
                source.getLong(at + 8),
                source.getLong(at + 16),
                source.getLong(at + 24),
                source.getInt(at + 32));
    }
}
