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
class MappedWriter implements SegmentWriter {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private record Mapping(MappedRegion region) implements Reservation {}

    private final StorageFile file;
    private @Nullable MappedRegion region;
    private ByteBuffer buffer = NONE;

    MappedWriter(StorageFile file) {
        this.file = file;
    }

    /** A file whose owner wants to look after each single store: the crash kit, to stop there. */
    interface Observed {
        void stored();
    }

    /** {@return a writer for a file; which one is decided here, once, so that a store asks nobody} */
    static MappedWriter of(StorageFile file) {
        return file instanceof Observed observed ? new ObservedWriter(file, observed) : new MappedWriter(file);
    }

    @Override
    public final void put(int at, AppendBuffer source, int from, int length) {
        byte[] bytes = source.bytes();
        store(buffer, at + Long.BYTES, bytes, from + Long.BYTES, length - Long.BYTES);
        publish(buffer, at, Bytes.getLong(bytes, from));
    }

    void store(ByteBuffer target, int at, byte[] bytes, int from, int length) {
        target.put(at, bytes, from, length);
    }

    void publish(ByteBuffer target, int at, long word) {
        WORD.setRelease(target, at, word);
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
