package io.walnut.engine.format;

/** What a frame is: the byte at offset 12 of each. Zero is none, so zeroed space never looks like a frame. */
public final class FrameType {
    /** A key with a value. */
    public static final int PUT = 1;

    /** The tombstone of a key. */
    public static final int DELETE = 2;

    /** The first frame of a segment or of its continuation: see {@link OpenFrame}. */
    public static final int OPEN = 3;

    /** A witness of what was durable when it was written: see {@link MarkFrame}. */
    public static final int MARK = 4;

    /** The end of a sealed segment: see {@link Footer}. */
    public static final int FOOTER = 5;

    /** A part of a value that was appended as a stream: see {@link ChunkDirectory}. */
    public static final int CHUNK = 6;

    private FrameType() {}

    /** {@return whether a frame of this type is a record and so has a sequence} */
    public static boolean isRecord(int type) {
        return type == PUT || type == DELETE;
    }
}
