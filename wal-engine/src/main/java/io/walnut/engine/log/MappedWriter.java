package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Stores by copying into mapped space that was really written before, so that a store neither allocates nor fails. The
 * first word of the frames is stored last, with release semantics: until then the space reads as a clean end. Only a
 * window around the tail is mapped: what lies behind it can be forced without taking each page away from the mapping.
 */
class MappedWriter implements SegmentWriter {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private record Mapping(MappedRegion region, int from) implements Reservation {
        @Override
        public void free() {
            region.close();
        }
    }

    private final StorageFile file;
    private final int window;
    private Reservation used = Reservation.NOTHING;
    private ByteBuffer buffer = NONE;
    private int base;

    MappedWriter(StorageFile file, int window) {
        this.file = file;
        this.window = window;
    }

    /** A file whose owner wants to look after each single store: the crash kit, to stop there. */
    interface Observed {
        void stored();
    }

    /** {@return a writer for a file; which one is decided here, once, so that a store asks nobody} */
    static MappedWriter of(StorageFile file, int window) {
        return file instanceof Observed observed
                ? new ObservedWriter(file, window, observed)
                : new MappedWriter(file, window);
    }

    @Override
    public final void put(int at, AppendBuffer source, int from, int length) {
        byte[] bytes = source.bytes();
        int start = at - base;
        store(buffer, start + Long.BYTES, bytes, from + Long.BYTES, length - Long.BYTES);
        publish(buffer, start, Bytes.getLong(bytes, from));
    }

    @Override
    public final void putAfterForce(int at, AppendBuffer source, int from, int length) throws IOException {
        file.write(source.view(from, length), at);
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
    public int window() {
        return window;
    }

    @Override
    public Reservation reserve(long from, long to) throws IOException {
        return new Mapping(file.map(from, to - from), Math.toIntExact(from));
    }

    @Override
    public Reservation use(Reservation more) {
        Mapping mapping = (Mapping) more;
        Reservation before = used;
        used = mapping;
        buffer = mapping.region.buffer();
        base = mapping.from;
        return before;
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
        Reservation last = used;
        used = Reservation.NOTHING;
        buffer = NONE;
        last.free();
    }
}
