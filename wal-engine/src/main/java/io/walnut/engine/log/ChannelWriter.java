package io.walnut.engine.log;

import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stores by positional writes. Where space is reserved for good, frames are gathered in memory until somebody needs them
 * in the kernel, so that appends which wait for the same force are written by one call; elsewhere a write can find the
 * disk full, and each append is written, and told, by itself.
 */
final class ChannelWriter implements SegmentWriter {
    private static final int FIRST_BYTES = 8 << 10;
    private static final int MOST_BYTES = 256 << 10;

    private final StorageFile file;
    private final boolean gathers;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock gathering = new ReentrantLock();
    private byte[] gathered = new byte[0];
    private byte[] spare = new byte[0];
    private long from;
    private int size;
    private @Nullable Throwable failed;

    ChannelWriter(StorageFile file, boolean gathers) {
        this.file = file;
        this.gathers = gathers;
    }

    @Override
    public void put(int at, AppendBuffer buffer, int first, int length) throws IOException {
        if (gathers && length <= MOST_BYTES) {
            if (!gather(at, buffer, first, length)) {
                flush();
                gather(at, buffer, first, length);
            }
        } else {
            flush();
            file.write(buffer.view(first, length), at);
        }
    }

    private boolean gather(int at, AppendBuffer buffer, int first, int length) {
        gathering.lock();
        try {
            int needed = size + length;
            if (needed > MOST_BYTES) {
                return false;
            }
            if (needed > gathered.length) {
                byte[] larger =
                        new byte[Math.max(needed, Math.min(MOST_BYTES, Math.max(FIRST_BYTES, 2 * gathered.length)))];
                System.arraycopy(gathered, 0, larger, 0, size);
                gathered = larger;
            }
            if (size == 0) {
                from = at;
            }
            System.arraycopy(buffer.bytes(), first, gathered, size, length);
            size = needed;
            return true;
        } finally {
            gathering.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        if (!gathers) {
            return;
        }
        writing.lock();
        try {
            if (failed != null) { // perhaps with what the caller needs in the kernel
                throw new IOException("what was gathered before could not be written", failed);
            }
            byte[] bytes;
            int length;
            long at;
            gathering.lock();
            try {
                bytes = gathered;
                length = size;
                at = from;
                gathered = spare;
                spare = bytes;
                size = 0;
            } finally {
                gathering.unlock();
            }
            if (length > 0) {
                file.write(ByteBuffer.wrap(bytes, 0, length), at);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed = e;
            throw e;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public int window() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Reservation reserve(long start, long to) {
        return Reservation.NOTHING;
    }

    @Override
    public Reservation use(Reservation more) {
        return Reservation.NOTHING;
    }

    @Override
    public StorageFile file() {
        return file;
    }

    @Override
    public void force() throws IOException {
        flush();
        file.force();
    }

    @Override
    public void release() {}
}
