package io.walnut.engine.read;

import io.walnut.engine.format.ChunkDirectory;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.log.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a segment from its first frame found.
 *
 * @param open its first OPEN frame, or null if there is none
 * @param contents the records of closed batches
 * @param cut where the valid chain of closed batches ends
 * @param check the check of the last frame before the cut
 * @param footer the footer, if that is the last frame before the cut
 * @param stop what stands behind the last valid frame
 * @param stopOffset where that is
 * @param explained whether a killed process can have left what stands there, as far as the frame tells
 * @param claimedEnd where the frame at the stop would end, negative if that is not known
 * @param problem what is wrong with it, in plain words
 * @param durable the greatest place that a MARK or an inner footer witnesses
 */
public record SegmentScan(
        @Nullable OpenFrame open,
        SegmentContents contents,
        long cut,
        int check,
        @Nullable Footer footer,
        FrameCursor.Step stop,
        long stopOffset,
        boolean explained,
        long claimedEnd,
        String problem,
        long durable) {

    /**
     * Reads a segment from its first frame on.
     *
     * @param frames started in the segment
     * @param segment its number
     * @param limit what lies at or beyond it is not looked at
     * @param cutOff whether the log was cut off at the limit: then a batch that reaches it counts as it is
     * @return what was found
     * @throws IOException if reading fails
     */
    public static SegmentScan of(FrameCursor frames, long segment, long limit, boolean cutOff) throws IOException {
        OpenFrame open = null;
        SegmentContents contents = new SegmentContents(1);
        List<long[]> batch = new ArrayList<>(); // the records of a batch that is not closed yet
        boolean inBatch = false;
        long cut = SegmentHeader.BYTES;
        int check = 0;
        Footer footer = null;
        long durable = 0;
        while (true) {
            FrameCursor.Step step = frames.next(limit);
            boolean closed = step == FrameCursor.Step.END && cutOff
                    || step == FrameCursor.Step.FRAME && frames.type() == FrameType.FOOTER;
            if (closed && inBatch) { // the log was cut off inside of it
                inBatch = false;
                add(batch, contents);
                cut = step == FrameCursor.Step.END ? frames.nextOffset() : frames.offset();
                check = step == FrameCursor.Step.END ? frames.check() : frames.checkBefore();
            }
            if (step != FrameCursor.Step.FRAME) {
                boolean torn = step == FrameCursor.Step.INVALID;
                return new SegmentScan(
                        open,
                        contents,
                        cut,
                        check,
                        footer,
                        step,
                        frames.nextOffset(),
                        !torn || frames.claimedEnd() >= 0,
                        frames.claimedEnd(),
                        torn ? frames.problem() : inBatch ? "a batch was not completed" : "",
                        durable);
            }
            switch (frames.type()) {
                case FrameType.OPEN:
                    if (open == null) {
                        open = frames.open();
                        contents.begin(frames.nextSequence());
                    }
                    break;
                case FrameType.MARK:
                    MarkFrame mark = frames.mark();
                    if (mark != null) {
                        durable = Math.max(durable, Place.stored(mark.durableSegment(), mark.durableOffset()));
                    }
                    break;
                case FrameType.CHUNK:
                    contents.addChunk(frames.offset(), frames.checkBefore());
                    break;
                case FrameType.FOOTER:
                    durable = Math.max(durable, Place.of(segment, frames.offset()));
                    break;
                default:
                    boolean first = (frames.flags() & Frame.BATCH_FIRST) != 0;
                    boolean last = (frames.flags() & Frame.BATCH_LAST) != 0;
                    inBatch = !last;
                    batch.add(new long[] {
                        frames.offset(),
                        frames.nextOffset(),
                        frames.checkBefore(),
                        first ? 1 : 0,
                        frames.timestamp(),
                        frames.expiry()
                    });
                    ChunkDirectory directory = frames.directory();
                    if (directory != null) {
                        contents.reach(directory.segment(0));
                    }
                    if (last) {
                        add(batch, contents);
                    }
                    break;
            }
            footer = frames.footer();
            if (!inBatch) {
                cut = frames.nextOffset();
                check = frames.check();
            }
        }
    }

    private static void add(List<long[]> batch, SegmentContents contents) {
        for (long[] r : batch) {
            contents.add(r[0], r[1], (int) r[2], r[3] == 1, r[4], r[5]);
        }
        batch.clear();
    }

    /** {@return where the chain ends for the segment after this one: a footer does not count} */
    public long chainEnd() {
        return footer == null ? cut : footer.start();
    }

    /** {@return the check for the segment after this one} */
    public int chainCheck() {
        return footer == null ? check : footer.previousCheck();
    }
}
