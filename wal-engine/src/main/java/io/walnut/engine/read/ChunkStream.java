package io.walnut.engine.read;

import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.Codecs;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.ChunkDirectory;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value that was appended as a stream, read chunk by chunk; each is verified in its place before a byte is given out. */
final class ChunkStream extends InputStream {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_CHUNK_BYTES = 512 << 20;

    private final ReadableLog log;
    private final Position record;
    private final ChunkDirectory directory;
    private final FrameCursor frames = new FrameCursor(BUFFER_BYTES);
    private final Decompressor decompressor;
    private @Nullable StorageFile file;
    private long segment;
    private long salt;
    private int next;
    private long left;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private boolean closed;

    /**
     * A stream over a value.
     *
     * @param log the log it is in
     * @param record where the record is that closes the value
     * @param directory where the chunks are
     */
    ChunkStream(ReadableLog log, Position record, ChunkDirectory directory) {
        this.log = log;
        this.record = record;
        this.directory = directory;
        this.decompressor = new Decompressor(log);
        this.left = directory.valueBytes();
        log.valueOpened();
    }

    @Override
    public int read() {
        return fill() ? chunk.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return chunk.remaining();
    }

    private boolean fill() {
        if (closed) {
            throw new WalClosedException("the value is closed");
        }
        log.checkNotClosed();
        while (!chunk.hasRemaining()) {
            if (next == directory.chunks()) {
                if (left != 0) {
                    throw corrupt("its chunks do not make up its length");
                }
                return false;
            }
            try {
                load(next);
                next++;
            } catch (NoSuchFileException e) {
                throw gone("was deleted");
            } catch (IOException e) {
                log.readFailed();
                throw new WalException(
                        Reason.IO, Outcome.NONE, "reading the value at " + record + " failed: " + e, e, name(), record);
            }
            left -= chunk.remaining();
            if (left < 0) {
                throw corrupt("its chunks are longer than it");
            }
        }
        return true;
    }

    private void load(int index) throws IOException {
        StorageFile source = open(directory.segment(index));
        frames.start(source, salt);
        frames.seek(directory.offset(index), directory.sequence(index), directory.previousCheck(index));
        if (frames.next(source.size()) != FrameCursor.Step.FRAME || frames.type() != FrameType.CHUNK) {
            checkThere(segment, directory.offset(index));
            throw corrupt("the chunk at " + new Position(segment, directory.offset(index)) + " is damaged: "
                    + frames.problem());
        }
        int from = frames.keyAt() + frames.keyBytes();
        if (frames.codec() == Codecs.NONE_ID) {
            chunk = frames.buffer()
                    .duplicate()
                    .limit(from + frames.valueBytes())
                    .position(from);
        } else {
            Position at = new Position(segment, frames.offset());
            chunk = decompressor.decompress(frames, frames.buffer().duplicate(), MAX_CHUNK_BYTES, name(), at);
        }
    }

    private StorageFile open(long number) throws IOException {
        StorageFile open = file;
        if (open != null && number == segment) {
            return open;
        }
        closeFile();
        StorageFile opened = log.stored().storage().openReadOnly(Segment.fileName(number));
        file = opened;
        segment = 0; // until its salt is known
        ByteBuffer page = Bytes.allocate(SegmentHeader.BYTES);
        while (page.hasRemaining() && opened.read(page, page.position()) > 0) {}
        try {
            salt = SegmentHeader.read(page.clear()).salt();
        } catch (SegmentHeader.InvalidHeaderException e) {
            checkThere(number, 0);
            throw corrupt("the header of " + opened.name() + " is damaged: " + e.getMessage());
        }
        segment = number;
        return opened;
    }

    /** Refuses what is no damage, since it was removed meanwhile. */
    private void checkThere(long number, long offset) {
        Segment known = log.stored().catalog().atOrAfter(number);
        if (known == null || known.number() != number) {
            throw gone("was deleted");
        }
        if (log.isTruncated(known, offset)) {
            throw gone("was truncated");
        }
    }

    private String name() {
        StorageFile open = file;
        return open == null ? "" : open.name();
    }

    private WalCorruptException corrupt(String why) {
        WalCorruptException damage =
                new WalCorruptException("the value at " + record + " cannot be read: " + why, name(), record);
        log.damaged(damage);
        return damage;
    }

    private PositionUnavailableException gone(String why) {
        Position start = log.start();
        Position end = Place.position(log.readableEnd(false));
        return new PositionUnavailableException(
                "a part of the value at " + record + " " + why + "; the log goes from " + start + " to " + end,
                record,
                start,
                end);
    }

    private void closeFile() throws IOException {
        StorageFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            log.valueClosed();
            closeFile();
        }
    }
}
