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
 * window around the tail is mapped, and what is about to be forced is evicted from it: otherwise the force would take each
 * dirty page away from the mapping, with an interrupt of the other processors for each.
 */
class MappedWriter implements SegmentWriter {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PAGE = 4 << 10;
    private static final int LEAST_WINDOW = 16 << 10;
    private static final int UNEVICTED_PART = 4; // what cannot be evicted is left to a smaller window
    private static final int CACHE_LINE = 64;
    private static final int WARMED_BYTES = 512; // a shorter store does not wait for memory as long as warming takes
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

    /** Where the last store through the mapping ended. Read by {@link #leave} too, which can do with an older one. */
    private int stored;

    private int left;
    private boolean evicts;
    private volatile boolean populates;

    @SuppressWarnings("UnusedVariable") // what is not kept is not read
    private long warmed;

    MappedWriter(StorageFile file, int window, boolean populates) {
        this.file = file;
        this.window = window;
        this.populates = populates;
    }

    /** A file whose owner wants to look after each single store: the crash kit, to stop there. */
    interface Observed {
        void stored();
    }

    /**
     * {@return a writer for a file; which one is decided here, once, so that a store asks nobody}
     *
     * @param window how much of the file is mapped at a time while it is forced now and then
     * @param populates whether pages are mapped before they are stored to: a force would write them too
     */
    static MappedWriter of(StorageFile file, int window, boolean populates) {
        return file instanceof Observed observed
                ? new ObservedWriter(file, window, observed)
                : new MappedWriter(file, window, populates);
    }

    @Override
    public final void put(int at, AppendBuffer source, int from, int length) {
        byte[] bytes = source.bytes();
        int start = at - base;
        store(buffer, start + Long.BYTES, bytes, from + Long.BYTES, length - Long.BYTES);
        publish(buffer, start, Bytes.getLong(bytes, from));
        stored = at + length;
        if (length >= WARMED_BYTES) {
            warm(start + length, length);
        }
    }

    /**
     * Has memory that the next store goes to fetched into the cache while the next frame is being made: else what follows
     * that store waits for it. Only of the page that was just stored to, as reading is no way to touch a new one.
     */
    private void warm(int from, int length) {
        int inPage = PAGE - (from + base) % PAGE;
        if (inPage == PAGE) {
            return;
        }
        int end = Math.min(from + Math.min(length, inPage), buffer.limit() - Long.BYTES);
        long read = 0;
        for (int at = from; at < end; at += CACHE_LINE) {
            read += (long) WORD.get(buffer, at);
        }
        warmed = read;
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
    public boolean writesThrough() {
        return false;
    }

    @Override
    public void flush() {}

    @Override
    public int window() {
        return evicts ? window : Math.max(LEAST_WINDOW, window / UNEVICTED_PART);
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
    public void leave(int end) {
        if (used instanceof Mapping mapping) {
            int from = Math.max(left, mapping.from);
            int to = Math.min(end, stored) / PAGE * PAGE;
            if (from < to) {
                evicts = mapping.region.evict(from - mapping.from, to - mapping.from);
                left = to;
            }
        }
    }

    @Override
    public boolean populates() {
        return populates;
    }

    @Override
    public void populate(int from, int to) {
        if (used instanceof Mapping mapping) {
            int start = Math.max(from, mapping.from) - mapping.from;
            int end = Math.min(to - mapping.from, mapping.region.buffer().capacity());
            if (start < end) {
                populates = mapping.region.populate(start, end);
            }
        }
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
