package io.walnut.engine.recovery;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.CheckSolver;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.StateFile;
import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The files of a damaged log as they would be read if the headers of its segments were intact. The frames need nothing of
 * a header but the salt; where that is damaged too, the check of the OPEN frame shows one that serves as well.
 */
final class MendedHeaders extends ForwardingStorage {
    private final Map<String, byte[]> pages = new HashMap<>();

    private MendedHeaders(Storage damaged) {
        super(damaged);
    }

    /** Looks at each segment of a log. */
    static MendedHeaders of(Storage damaged, UUID log) throws IOException {
        MendedHeaders mended = new MendedHeaders(damaged);
        for (String name : damaged.list()) {
            long number = Segment.numberOf(name);
            if (number > 0) {
                mended.mend(name, number, log);
            }
        }
        return mended;
    }

    private void mend(String name, long number, UUID log) throws IOException {
        byte[] bytes = new byte[SegmentHeader.BYTES + OpenFrame.LENGTH];
        try (StorageFile file = delegate().openReadOnly(name)) {
            if (!Remains.readFully(file, ByteBuffer.wrap(bytes), 0)) {
                return;
            }
        }
        if (Bytes.crc(bytes, 0, SegmentHeader.BYTES - 4) == Bytes.getInt(bytes, SegmentHeader.BYTES - 4)) {
            return; // intact, whatever it says
        }
        SegmentHeader header = new SegmentHeader(log, number, salt(bytes), Bytes.getLong(bytes, 48), "");
        pages.put(name, header.bytes());
    }

    private static long salt(byte[] bytes) {
        long stored = Bytes.getLong(bytes, 40);
        int at = SegmentHeader.BYTES;
        int length = Bytes.getInt(bytes, at);
        int check = Bytes.getInt(bytes, at + 4);
        int bodyCrc = Bytes.getInt(bytes, at + 8);
        int kind = Bytes.getInt(bytes, at + Frame.KIND_AT);
        if (length != OpenFrame.LENGTH
                || kind != Frame.kind(FrameType.OPEN, 0, 0)
                || Bytes.crc(bytes, at + Frame.KIND_AT, length - Frame.KIND_AT) != bodyCrc) {
            return stored;
        }
        OpenFrame open = OpenFrame.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), at);
        int found =
                new Frame.Checker().check(stored, at, open.baseSequence(), length, kind, bodyCrc, open.previousCheck());
        return found == check
                ? stored
                : new CheckSolver().salt(at, open.baseSequence(), length, kind, bodyCrc, open.previousCheck(), check);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        if (name.equals(StateFile.NAME)) {
            throw new NoSuchFileException(name); // what it says was weighed before, and may be damaged
        }
        StorageFile file = super.openReadOnly(name);
        byte[] page = pages.get(name);
        return page == null ? file : new Mended(file, page);
    }

    /** Closing the damaged log is up to who opened it. */
    @Override
    public void close() {}

    /** A file with another first page. */
    private static final class Mended extends ForwardingStorageFile {
        private final byte[] page;

        Mended(StorageFile damaged, byte[] page) {
            super(damaged);
            this.page = page;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (position >= page.length || !target.hasRemaining()) {
                return super.read(target, position);
            }
            int count = (int) Math.min(target.remaining(), page.length - position);
            target.put(page, (int) position, count);
            return count;
        }
    }
}
