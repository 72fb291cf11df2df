package io.walnut.engine.recovery;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.SegmentSpace;
import io.walnut.engine.log.Place;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames that verify without the one before them, MARKs and footers, among bytes of which nothing is known.
 *
 * <p>The work is bounded by the size of the file, whatever it contains: each byte is read once, into a window that is long
 * enough for the longest footer, and is part of at most one checksum of a footer, because footers do not overlap. A claim
 * is compared with what stands at both of its ends before anything else is done about it.
 */
final class LooseFrames {
    private static final int CHUNK = 1 << 20;
    private static final int MARK_KIND = Frame.kind(FrameType.MARK, 0, 0);
    private static final int FOOTER_KIND = Frame.kind(FrameType.FOOTER, 0, 0);

    private final StorageFile file;
    private final long salt;
    private final int reach;
    private final ByteBuffer window;
    private final Frame.Checker checker = new Frame.Checker();
    private final CRC32C crc = new CRC32C();
    private long size;
    private long windowStart;
    private int windowLength;
    private long at;
    private long contentEnd;
    private long checksummedTo;
    private long offset;
    private @Nullable MarkFrame mark;

    /** Goes before the first frame at or after an offset. */
    LooseFrames(StorageFile file, long salt, long from) throws IOException {
        this.file = file;
        this.salt = salt;
        size = Math.min(file.size(), Place.MAX_OFFSET); // no segment reaches beyond that
        at = Bytes.align(from);
        contentEnd = from;
        reach = Footer.length(SegmentSpace.indexEntries(size));
        window = Bytes.allocateDirect((int) Math.max(0, Math.min(CHUNK + reach, size - at)));
        windowStart = at;
    }

    /** Goes forward, so that the next frame is none before an offset. */
    void skipTo(long next) {
        at = Math.max(at, Bytes.align(next));
    }

    /** Moves to the next frame; false if there is none up to the end of the file. */
    boolean next() throws IOException {
        mark = null;
        while (at < size) {
            load();
            int i = (int) (at - windowStart);
            int room = windowLength - i;
            if (room < Long.BYTES) {
                lookAtLast(i);
                return false;
            }
            offset = at;
            at += Long.BYTES;
            if (window.getLong(i) != 0) {
                contentEnd = at;
                if (room >= Frame.HEAD && isFrame(i, room)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isFrame(int i, int room) {
        int kind = window.getInt(i + Frame.KIND_AT);
        mark = kind == MARK_KIND && room >= MarkFrame.LENGTH ? markAt(i) : null;
        return mark != null || kind == FOOTER_KIND && isFooter(i, room);
    }

    private @Nullable MarkFrame markAt(int i) {
        if (window.getInt(i) != MarkFrame.LENGTH) {
            return null;
        }
        MarkFrame claimed = MarkFrame.read(window, i);
        int bodyCrc = window.getInt(i + 8);
        int check = checker.check(
                salt, offset, claimed.sequence(), MarkFrame.LENGTH, MARK_KIND, bodyCrc, claimed.previousCheck());
        if (check != window.getInt(i + 4)) {
            return null;
        }
        crc.reset();
        crc.update(window.duplicate().limit(i + MarkFrame.LENGTH).position(i + Frame.KIND_AT));
        return (int) crc.getValue() == bodyCrc ? claimed : null;
    }

    private boolean isFooter(int i, int room) {
        int length = window.getInt(i);
        if (length < Footer.length(0)
                || length > Math.min(room, Footer.length(SegmentSpace.indexEntries(offset)))
                || offset < checksummedTo) {
            return false;
        }
        ByteBuffer frame = window.slice(i, length).order(ByteOrder.LITTLE_ENDIAN);
        if (!Footer.headHolds(salt, offset, frame)) {
            return false;
        }
        checksummedTo = offset + length;
        return Footer.read(salt, offset, frame) != null;
    }

    /** Loads the window so that it holds the longest footer that can start here, or everything up to the end of the file. */
    private void load() throws IOException {
        long loaded = windowStart + windowLength;
        if (loaded >= size || loaded - at >= reach) {
            return;
        }
        int kept = (int) Math.max(0, loaded - at);
        window.limit(windowLength).position(windowLength - kept).compact();
        windowStart = at;
        window.limit((int) Math.min(window.capacity(), size - at));
        while (window.hasRemaining()) {
            if (file.read(window, windowStart + window.position()) <= 0) {
                size = windowStart + window.position(); // it has become shorter
                break;
            }
        }
        windowLength = window.position();
        window.clear();
    }

    private void lookAtLast(int from) {
        for (int i = from; i < windowLength; i++) {
            if (window.get(i) != 0) {
                contentEnd = windowStart + i + 1;
            }
        }
        at = size;
    }

    /** {@return where the current frame starts} */
    long offset() {
        return offset;
    }

    /** {@return the current frame, or null if it is a footer} */
    @Nullable
    MarkFrame mark() {
        return mark;
    }

    /** {@return just past the last byte so far that is not zero; where the search began if there was none} */
    long contentEnd() {
        return Math.min(contentEnd, size);
    }
}
