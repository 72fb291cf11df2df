package io.walnut.engine.recovery;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.log.Place;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What lies behind the end of a segment's valid frames: nothing of it is believed, but a MARK or a footer there, which
 * verifies by itself, witnesses what had been durable.
 *
 * @param contentEnd just past the last byte that is not zero; where the search began if there is none
 * @param durable the greatest place that is witnessed, 0 if none is
 * @param firstMark the first MARK there, if there is one: from it on frames can be verified again
 */
record Remains(long contentEnd, long durable, @Nullable Anchor firstMark) {
    private static final int CHUNK = 1 << 20;
    private static final int MARK_KIND = Frame.kind(FrameType.MARK, 0, 0);
    private static final int FOOTER_KIND = Frame.kind(FrameType.FOOTER, 0, 0);

    /**
     * Where frames can be verified again.
     *
     * @param offset of a frame
     * @param sequence of the next record
     * @param previousCheck of the frame before
     */
    record Anchor(long offset, long sequence, int previousCheck) {}

    static Remains none() {
        return new Remains(0, 0, null);
    }

    static Remains behind(StorageFile file, long segment, long salt, long from) throws IOException {
        long size = Math.min(file.size(), Place.MAX_OFFSET); // no segment reaches beyond that
        long start = Bytes.align(from);
        long contentEnd = from;
        long durable = 0;
        Anchor firstMark = null;
        int capacity = (int) Math.max(0, Math.min(CHUNK, Bytes.align(size - start)));
        ByteBuffer chunk = Bytes.allocateDirect(capacity);
        for (long at = start; at < size; at += capacity) {
            int length = fill(file, chunk, at, size);
            int words = length & ~7;
            for (int i = 0; i < words; i += 8) {
                if (chunk.getLong(i) == 0) {
                    continue;
                }
                contentEnd = at + i + 8;
                long frame = at + i;
                if (i + Frame.HEAD <= words || size - frame >= Frame.HEAD) {
                    int kind = kindAt(file, chunk, i, words, frame);
                    if (kind == MARK_KIND) {
                        MarkFrame mark = mark(file, salt, frame);
                        if (mark != null) {
                            durable = Math.max(durable, Place.stored(mark.durableSegment(), mark.durableOffset()));
                            firstMark = firstMark != null
                                    ? firstMark
                                    : new Anchor(frame, mark.sequence(), mark.previousCheck());
                        }
                    } else if (kind == FOOTER_KIND && footer(file, salt, frame, size)) {
                        durable = Math.max(durable, Place.of(segment, frame));
                    }
                }
            }
            for (int i = words; i < length; i++) {
                if (chunk.get(i) != 0) {
                    contentEnd = at + i + 1;
                }
            }
        }
        return new Remains(Math.min(contentEnd, size), durable, firstMark);
    }

    private static int kindAt(StorageFile file, ByteBuffer chunk, int i, int words, long frame) throws IOException {
        if (i + Frame.HEAD <= words) {
            return chunk.getInt(i + Frame.KIND_AT);
        }
        ByteBuffer kind = Bytes.allocate(4);
        return readFully(file, kind, frame + Frame.KIND_AT) ? kind.getInt(0) : 0;
    }

    private static @Nullable MarkFrame mark(StorageFile file, long salt, long at) throws IOException {
        ByteBuffer frame = Bytes.allocate(MarkFrame.LENGTH);
        if (!readFully(file, frame, at) || frame.getInt(0) != MarkFrame.LENGTH) {
            return null;
        }
        MarkFrame mark = MarkFrame.read(frame, 0);
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate().position(Frame.KIND_AT));
        int bodyCrc = frame.getInt(8);
        int check = new Frame.Checker()
                .check(salt, at, mark.sequence(), MarkFrame.LENGTH, MARK_KIND, bodyCrc, mark.previousCheck());
        return (int) crc.getValue() == bodyCrc && check == frame.getInt(4) ? mark : null;
    }

    private static boolean footer(StorageFile file, long salt, long at, long size) throws IOException {
        ByteBuffer head = Bytes.allocate(4);
        if (!readFully(file, head, at)) {
            return false;
        }
        int length = head.getInt(0);
        if (length < Footer.length(0) || length > Math.min(size - at, Footer.length(1 << 20))) {
            return false;
        }
        ByteBuffer frame = Bytes.allocate(length);
        return readFully(file, frame, at) && Footer.read(salt, at, frame) != null;
    }

    private static int fill(StorageFile file, ByteBuffer chunk, long at, long size) throws IOException {
        chunk.clear().limit((int) Math.min(chunk.capacity(), size - at));
        while (chunk.hasRemaining() && file.read(chunk, at + chunk.position()) > 0) {}
        int length = chunk.position();
        chunk.clear();
        return length;
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
