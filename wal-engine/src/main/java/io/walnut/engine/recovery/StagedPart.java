package io.walnut.engine.recovery;

/**
 * Frames that the file of a segment may lack.
 *
 * @param from where in the file they belong
 * @param bytes the frames
 */
record StagedPart(long from, byte[] bytes) {
    long end() {
        return from + bytes.length;
    }
}
