package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.StageNote;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a stage: a ring of bytes, and a note of where in it the frames begin that no segment has. Mapped from the
 * {@code STAGE} file, what it holds survives the death of the process; else it is plain memory.
 *
 * <p>The first word of the frames is stored last, with release semantics: until then an old lap stands there, which
 * continues nothing.
 */
class StageMemory {
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** A file whose owner looks after each single store: the crash kit, to stop there. */
    interface Observed {
        void stored();
    }

    private final ByteBuffer memory;
    private final ByteBuffer views;
    private final @Nullable MappedRegion region;
    private final long logHigh;
    private final int ringAt;
    private final int ringBytes;
    private final byte[] note = new byte[StageNote.BYTES];
    private long generation;

    StageMemory(ByteBuffer memory, @Nullable MappedRegion region, int ringAt, long logHigh) {
        this.memory = memory;
        this.views = memory.duplicate();
        this.region = region;
        this.ringAt = ringAt;
        this.ringBytes = memory.capacity() - ringAt;
        this.logHigh = logHigh;
    }

    /** {@return plain memory for a ring of this size} */
    static StageMemory plain(int ringBytes) {
        return new StageMemory(Bytes.allocate(ringBytes), null, 0, 0);
    }

    /**
     * Maps a file that has been filled.
     *
     * @param file the {@code STAGE} file, of a page and a ring
     * @param ringBytes the size of the ring
     * @param logHigh the first half of the log's UUID
     */
    static StageMemory mapped(StorageFile file, int ringBytes, long logHigh) throws IOException {
        MappedRegion region = file.map(0, StageNote.RING_AT + ringBytes);
        return file instanceof Observed observed
                ? new ObservedStage(region, logHigh, observed)
                : new StageMemory(region.buffer(), region, StageNote.RING_AT, logHigh);
    }

    /** {@return whether what it holds survives the death of the process} */
    final boolean survives() {
        return region != null;
    }

    final int bytes() {
        return ringBytes;
    }

    private int index(long position) {
        return (int) (position % ringBytes);
    }

    /** Stores whole frames, which may go round the end of the ring. */
    final void put(long position, byte[] frames, int from, int length) {
        int at = index(position);
        int first = Math.min(length, ringBytes - at);
        if (first < length) {
            store(memory, ringAt, frames, from + first, length - first);
        }
        store(memory, ringAt + at + Long.BYTES, frames, from + Long.BYTES, first - Long.BYTES);
        publish(memory, ringAt + at, Bytes.getLong(frames, from));
    }

    void store(ByteBuffer target, int at, byte[] bytes, int from, int length) {
        target.put(at, bytes, from, length);
    }

    void publish(ByteBuffer target, int at, long word) {
        if (region == null) {
            target.putLong(at, word); // nobody looks without the append lock, and the heap may not be aligned
        } else {
            WORD.setRelease(target, at, word);
        }
    }

    /** Writes what is in the ring from a position on to a file. */
    final void writeTo(StorageFile file, long offset, long position, int length) throws IOException {
        int at = index(position);
        int first = Math.min(length, ringBytes - at);
        file.write(views.limit(ringAt + at + first).position(ringAt + at), offset);
        if (first < length) {
            file.write(views.limit(ringAt + length - first).position(ringAt), offset + first);
        }
    }

    /** Notes where the frames begin that the segments may lack. Under the append lock or while only one thread drains. */
    final void note(long segment, long offset, long sequence, int check, long position) {
        if (region == null) {
            return;
        }
        generation++;
        StageNote.write(note, generation, logHigh, segment, offset, sequence, check, ringBytes, index(position));
        store(memory, StageNote.offsetOf(generation), note, 0, StageNote.BYTES);
    }

    /** Begins where another memory, which is not used any more, has come to: with a part of its bytes, and its notes. */
    final void continues(StageMemory smaller, long from, long to) {
        generation = smaller.generation;
        byte[] last = smaller.note;
        if (region != null) {
            note(
                    Bytes.getLong(last, 24),
                    Bytes.getLong(last, 32),
                    Bytes.getLong(last, 40),
                    Bytes.getInt(last, 48),
                    from);
        } else {
            for (long position = from; position < to; position += Long.BYTES) {
                memory.putLong(
                        ringAt + index(position), smaller.memory.getLong(smaller.ringAt + smaller.index(position)));
            }
        }
    }

    final void close() {
        if (region != null) {
            region.close();
        }
    }
}
