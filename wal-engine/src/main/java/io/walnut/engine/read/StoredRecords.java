package io.walnut.engine.read;

import io.walnut.engine.Codecs;
import io.walnut.engine.log.SegmentCatalog;
import io.walnut.spi.Storage;

/**
 * Where the records of a log are, and what their values are read with.
 *
 * @param storage where the segments are
 * @param catalog the segments that there are
 * @param codecs the codecs for stored values
 * @param maxValueBytes the longest value that is read
 */
public record StoredRecords(Storage storage, SegmentCatalog catalog, Codecs codecs, long maxValueBytes) {}
