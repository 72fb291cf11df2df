package io.walnut.engine.format;

/**
 * The space arithmetic of a segment: where its frames may end so that its {@link Footer} fits behind them. The footer
 * grows with the index, and the index with the frames, so both directions of the calculation stand here and nowhere else.
 *
 * <p>Frames that end at an offset have at most one index entry for each {@link SparseIndex#STRIDE} begun: the first entry
 * lies behind the header, and each further one at least a stride behind the one before.
 */
public final class SegmentSpace {
    /** The size of the largest segment. */
    public static final int MAX_BYTES = Integer.MAX_VALUE - 7;

    private static final int ALIGNMENT = 8;

    private SegmentSpace() {}

    /** {@return the greatest number of index entries of a segment whose frames end at an offset} */
    public static int indexEntries(long framesEnd) {
        return (int) (framesEnd / SparseIndex.STRIDE) + 1;
    }

    /** {@return the size of a file that holds frames up to an offset and the longest footer they can have} */
    public static long bytesFor(long framesEnd) {
        return framesEnd + Footer.length(indexEntries(framesEnd));
    }

    /**
     * Returns the greatest offset at which frames may end in a file of a size, so that every footer they can have still
     * fits. The inverse of {@link #bytesFor}: {@code bytesFor(framesEnd(size)) <= size}, and {@code
     * framesEnd(bytesFor(end)) >= end}.
     *
     * @param bytes the size of the file
     * @return a multiple of 8, negative if not even an empty footer fits
     */
    public static int framesEnd(long bytes) {
        long stride = SparseIndex.STRIDE + SparseIndex.ENTRY;
        long entries = Math.max(1, (bytes - Footer.length(0) + SparseIndex.STRIDE) / stride);
        long lastOfStride = entries * SparseIndex.STRIDE - ALIGNMENT;
        long end = Math.min(lastOfStride, bytes - Footer.length((int) entries));
        return (int) (Math.floorDiv(end, ALIGNMENT) * ALIGNMENT);
    }
}
