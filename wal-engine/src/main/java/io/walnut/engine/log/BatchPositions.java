package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.engine.format.Bytes;
import java.util.AbstractList;
import java.util.RandomAccess;

/** Where the records of a batch are, as offsets: most callers look at few of them, if any. */
final class BatchPositions extends AbstractList<Position> implements RandomAccess {
    private final long place;
    private final int[] offsets;

    /**
     * The positions of a batch.
     *
     * @param place where its first record is
     * @param offsets as {@link #offsets} gives them
     */
    BatchPositions(long place, int[] offsets) {
        this.place = place;
        this.offsets = offsets;
    }

    /** {@return where each of the records in a buffer is, from the first one on} */
    static int[] offsets(AppendBuffer buffer) {
        int[] offsets = new int[buffer.frames()];
        int offset = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset;
            offset += Bytes.align(Bytes.getInt(buffer.bytes(), AppendBuffer.FRAMES_AT + offset));
        }
        return offsets;
    }

    @Override
    public Position get(int index) {
        return Place.position(place + offsets[index]);
    }

    @Override
    public int size() {
        return offsets.length;
    }
}
