package io.walnut.engine.storage;

import java.nio.file.Path;

/**
 * Has the device begin with what was written to a file, before it is forced. This is the portable variant, where it begins
 * when it is forced; on JDK 22 and later another class takes its place.
 */
final class Writeback implements AutoCloseable {
    Writeback(Path path) {}

    /** The device may begin with a range; what is in the page in which it ends is left for later. */
    void begin(long from, long to) {}

    @Override
    public void close() {}
}
