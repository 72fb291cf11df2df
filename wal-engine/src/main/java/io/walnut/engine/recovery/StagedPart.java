package io.walnut.engine.recovery;

import java.nio.ByteBuffer;

/**
 * Frames that the file of a segment may lack.
 *
 * @param from where in the file they belong
 * @param bytes the frames, from 0 to the limit; nobody moves its position
 */
record StagedPart(long from, ByteBuffer bytes) {
    long end() {
        return from + bytes.limit();
    }
}
