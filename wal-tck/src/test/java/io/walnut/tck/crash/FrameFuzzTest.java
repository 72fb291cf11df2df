package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.read.FrameCursor;
import io.walnut.spi.StorageFile;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/**
 * Decodes frames out of any bytes, with and without checks computed anew. The build repeats what stands in the resources;
 * {@code -Dwalnut.fuzz=1 -Dtest=FrameFuzzTest} looks for more.
 */
class FrameFuzzTest {
    private static final byte[] HEADER = new SegmentHeader(new UUID(1, 2), 1, 7, 0, "").bytes();
    private static final String NAME = "0000000001.wal";

    @FuzzTest(maxDuration = "30m")
    void decodesWithinBounds(FuzzedDataProvider data) throws IOException {
        boolean reseal = data.consumeBoolean();
        byte[] frames = data.consumeRemainingAsBytes();
        byte[] segment = new byte[HEADER.length + frames.length];
        System.arraycopy(HEADER, 0, segment, 0, HEADER.length);
        System.arraycopy(frames, 0, segment, HEADER.length, frames.length);
        decode(reseal ? Resealed.segment(segment) : segment);
    }

    private static void decode(byte[] segment) throws IOException {
        SimulatedDisk disk = SimulatedDisk.holding(DiskProfile.STRICT, Map.of(NAME, segment));
        try (StorageFile file = disk.openReadOnly(NAME)) {
            FrameCursor cursor = new FrameCursor(512);
            cursor.start(file, 7);
            long before = cursor.nextOffset();
            while (cursor.next(segment.length) == FrameCursor.Step.FRAME) {
                assertTrue(cursor.nextOffset() > before && cursor.nextOffset() <= segment.length);
                assertTrue(cursor.buffer().capacity() <= Math.max(512, 2 * segment.length), "bounded by the file");
                before = cursor.nextOffset();
                if (cursor.isRecord()) {
                    int end = cursor.keyAt() + cursor.keyBytes() + cursor.valueBytes();
                    assertTrue(cursor.keyAt() >= 0
                            && end >= cursor.keyAt()
                            && end <= cursor.buffer().capacity());
                    assertTrue(cursor.plainBytes() >= 0);
                }
                cursor.footer();
                cursor.mark();
                cursor.open();
            }
        }
    }
}
