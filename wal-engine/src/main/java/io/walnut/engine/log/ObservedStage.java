package io.walnut.engine.log;

import io.walnut.engine.format.StageNote;
import io.walnut.spi.MappedRegion;
import java.nio.ByteBuffer;

/** Stores a word at a time, a long record in a hundred steps, and has each of them seen. */
final class ObservedStage extends StageMemory {
    private static final int STEPS = 100;

    private final Observed observer;

    ObservedStage(MappedRegion region, long logHigh, Observed observer) {
        super(region.buffer(), region, StageNote.RING_AT, logHigh);
        this.observer = observer;
    }

    @Override
    void store(ByteBuffer target, int at, byte[] bytes, int from, int length) {
        int step = Math.max(1, length / STEPS / Long.BYTES) * Long.BYTES;
        for (int done = 0; done < length; done += step) {
            super.store(target, at + done, bytes, from + done, Math.min(step, length - done));
            observer.stored();
        }
    }

    @Override
    void publish(ByteBuffer target, int at, long word) {
        super.publish(target, at, word);
        observer.stored();
    }
}
