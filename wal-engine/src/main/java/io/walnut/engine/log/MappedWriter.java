package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Stores by copying into mapped space that was really written before, so that a store neither allocates nor fails. The
 * first word of the frames is stored last, with release semantics: until then the space reads as a clean end.
 */
final class MappedWriter implements SegmentWriter {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private record Mapping(MappedRegion region) implements Reservation {}

    private final StorageFile file;
    private @Nullable MappedRegion region;
    private ByteBuffer buffer = NONE;

    MappedWriter(StorageFile file) {
        this.file = file;
    }

    @Override
    public void put(int at, AppendBuffer source, int from, int length) {
        byte[] bytes = source.bytes();
        buffer.put(at + Long.BYTES, bytes, from + Long.BYTES, length - Long.BYTES);
        WORD.setRelease(buffer, at, Bytes.getLong(bytes, from));
    }

    @Override
    public void flush() {}

    @Override
    public Reservation reserve(long to) throws IOException {
        return new Mapping(file.map(to));
    }

    @Override
    public void reserved(Reservation more) {
        release();
        MappedRegion mapped = ((Mapping) more).region;
        region = mapped;
        buffer = mapped.buffer();
    }

    @Override
    public StorageFile file() {
        return file;
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void release() {
        MappedRegion old = region;
        buffer = NONE;
        region = null;
        if (old != null) {
            old.close();
        }
    }
}
