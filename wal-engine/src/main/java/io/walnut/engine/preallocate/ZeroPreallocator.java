package io.walnut.engine.preallocate;

import io.walnut.spi.Preallocator;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes zeros, so that later stores cannot run out of space and later forces change no metadata. The size of the writes
 * becomes the size of the page cache's units: small ones make each force cheap, large ones make stores cheap.
 */
public final class ZeroPreallocator implements Preallocator {
    private static final int SHARED_BYTES = 1 << 20;

    private final ByteBuffer zeros;

    /** Zeros for all logs. Loaded when they are first needed, and on the heap where there is no room outside of it. */
    private static final class Shared {
        private static final ByteBuffer ZEROS = allocate(SHARED_BYTES).asReadOnlyBuffer();
    }

    /**
     * A preallocator that fills in writes of a size.
     *
     * @param chunkBytes the size
     */
    public ZeroPreallocator(int chunkBytes) {
        zeros = chunkBytes <= SHARED_BYTES
                ? Shared.ZEROS.duplicate().limit(chunkBytes).slice()
                : allocate(chunkBytes);
    }

    private static ByteBuffer allocate(int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError e) {
            return ByteBuffer.allocate(bytes);
        }
    }

    @Override
    public void reserve(StorageFile file, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            int length = (int) Math.min(zeros.capacity() - at % zeros.capacity(), to - at);
            file.write(zeros.duplicate().limit(length), at);
            at += length;
        }
    }

    /** By the kernel, where it can: then what is appended is all that is written. */
    @Override
    public boolean reserveOnly(StorageFile file, long from, long to) throws IOException {
        boolean allocated = file.allocate(from, to);
        if (!allocated) {
            reserve(file, from, to);
        }
        return allocated;
    }

    @Override
    public boolean fills() {
        return true;
    }
}
