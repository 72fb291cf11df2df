package io.walnut.engine.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SegmentSpaceTest {
    private static final int AROUND = 2048;

    @Test
    void bothDirectionsAgreeAroundEveryStrideUpToTheLargestSegment() {
        for (long stride = 0; stride <= SegmentSpace.MAX_BYTES; stride += SparseIndex.STRIDE) {
            // a dense walk around the first strides and the last, a sparse one between
            int step = stride < 64L << 20 || stride > SegmentSpace.MAX_BYTES - (64L << 20) ? 8 : 264;
            for (long end = Math.max(0, stride - AROUND); end <= stride + AROUND; end += step) {
                long bytes = SegmentSpace.bytesFor(end);
                if (bytes > SegmentSpace.MAX_BYTES) {
                    return;
                }
                int offered = SegmentSpace.framesEnd(bytes);
                String what = end + " need " + bytes + ", which offer " + offered;
                assertTrue(offered >= end, what);
                assertTrue(SegmentSpace.bytesFor(offered) <= bytes, what);
            }
        }
    }

    @Test
    void noSpaceIsLeftUnused() {
        for (long bytes = SegmentSpace.bytesFor(8); bytes < 4L << 20; bytes += 8) {
            int end = SegmentSpace.framesEnd(bytes);
            assertTrue(SegmentSpace.bytesFor(end) <= bytes);
            assertTrue(SegmentSpace.bytesFor(end + 8L) > bytes);
        }
    }

    @Test
    void everyIndexFitsItsFooter() {
        for (int start = SegmentHeader.BYTES; start < SegmentHeader.BYTES + 64; start += 8) {
            SparseIndex index = new SparseIndex();
            for (int at = start; at < 4 << 20; at += 8) {
                if (index.wants(at)) {
                    index.add(at, 1, 0, 0);
                }
                assertTrue(index.size() <= SegmentSpace.indexEntries(at + 8L));
            }
        }
    }

    @Test
    void aFileWithoutRoomForAFooterOffersNothing() {
        assertTrue(SegmentSpace.framesEnd(0) < 0);
        assertTrue(SegmentSpace.framesEnd(Footer.length(1) - 8L) < 0);
        assertEquals(0, SegmentSpace.framesEnd(Footer.length(1)));
    }
}
