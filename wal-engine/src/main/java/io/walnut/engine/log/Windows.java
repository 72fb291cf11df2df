package io.walnut.engine.log;

import java.io.IOException;

/** Moves the window that a segment is stored through, while it is appended to or before, and has its pages mapped. */
final class Windows {
    private final Appender appender;
    private final boolean forcesByItself;

    Windows(Appender appender, boolean forcesByItself) {
        this.appender = appender;
        this.forcesByItself = forcesByItself;
    }

    /** Moves it, if there is a better one for an append. */
    void move(ActiveSegment segment, int appendBytes) throws IOException {
        segment.moving.lock();
        try {
            ActiveSegment.Window window = appender.windowFor(segment, appendBytes, forcesByItself);
            if (window != null) {
                SegmentWriter.Reservation reservation = segment.writer.reserve(window.from(), window.to());
                appender.moved(segment, reservation, window).free();
            }
        } finally {
            segment.moving.unlock();
        }
    }

    /** Has the pages mapped that will be stored to soon. */
    void populate(ActiveSegment segment) {
        segment.moving.lock();
        try {
            ActiveSegment.Window pages = appender.nextPages(segment);
            if (pages != null) {
                segment.writer.populate(pages.from(), pages.to());
            }
        } finally {
            segment.moving.unlock();
        }
    }
}
