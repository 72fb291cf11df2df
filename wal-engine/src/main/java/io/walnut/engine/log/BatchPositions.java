package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.engine.format.Bytes;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Where the records of a batch are, as offsets: most callers look at few of them, if any. */
final class BatchPositions extends AbstractList<Position> implements RandomAccess {
    private final long segment;
    private final int[] offsets;

    private BatchPositions(long segment, int[] offsets) {
        this.segment = segment;
        this.offsets = offsets;
    }

    /** {@return the positions of what a buffer holds, which the appender has placed} */
    static List<Position> of(AppendBuffer buffer) {
        int[] offsets = new int[buffer.frames()];
        int offset = Place.offset(buffer.place);
        for (int i = 0, frame = AppendBuffer.FRAMES_AT; i < offsets.length; i++) {
            offsets[i] = offset;
            int size = Bytes.align(Bytes.getInt(buffer.bytes(), frame));
            frame += size;
            offset += size;
        }
        return new BatchPositions(Place.segment(buffer.place), offsets);
    }

    @Override
    public Position get(int index) {
        return new Position(segment, offsets[index]);
    }

    @Override
    public int size() {
        return offsets.length;
    }
}
