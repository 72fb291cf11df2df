package io.walnut.engine.recovery;

import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.log.Place;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What lies behind the end of a segment's valid frames: nothing of it is believed, but a MARK or a footer there, which
 * verifies by itself, witnesses what had been durable.
 *
 * @param contentEnd just past the last byte that is not zero; where the search began if there is none
 * @param durable the greatest place that is witnessed, 0 if none is
 */
record Remains(long contentEnd, long durable) {
    static Remains none() {
        return new Remains(0, 0);
    }

    static Remains behind(StorageFile file, long segment, long salt, long from) throws IOException {
        LooseFrames frames = new LooseFrames(file, salt, from);
        long durable = 0;
        while (frames.next()) {
            MarkFrame mark = frames.mark();
            durable = Math.max(
                    durable,
                    mark == null
                            ? Place.of(segment, frames.offset())
                            : Place.stored(mark.durableSegment(), mark.durableOffset()));
        }
        return new Remains(frames.contentEnd(), durable);
    }

    static boolean readFully(StorageFile file, ByteBuffer target, long at) throws IOException {
        while (target.hasRemaining()) {
            if (file.read(target, at + target.position()) <= 0) {
                return false;
            }
        }
        target.flip();
        return true;
    }
}
