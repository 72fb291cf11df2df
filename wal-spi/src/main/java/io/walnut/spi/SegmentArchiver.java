package io.walnut.spi;

import io.walnut.api.SegmentInfo;
import java.io.IOException;

/**
 * Keeps copies of sealed segments: in another directory, in an object store. Called in the background, for one segment of
 * a log at a time, oldest first; retention deletes no segment for which this has not returned.
 *
 * <p>Copies of successive segments under their {@linkplain SegmentInfo#name() names} in an otherwise empty directory are a log
 * that opens.
 */
@FunctionalInterface
public interface SegmentArchiver {
    /** Archives nothing, and holds nothing. */
    SegmentArchiver NONE = (segment, content) -> {};

    /**
     * Copies a segment. When this returns the copy is durable, as far as the archive can make it so. After a crash the same
     * segment may come again.
     *
     * @param segment what it is
     * @param content its bytes, all of them, which do not change; closed by the caller. Reading fails once the log is
     *     being closed, which does not wait for the archiver: one that has read everything by then may still be at work
     *     when the next life begins, and should read once more before it makes its copy visible
     * @throws IOException if the segment could not be archived; it is kept, and offered again
     */
    void archive(SegmentInfo segment, StorageFile content) throws IOException;
}
