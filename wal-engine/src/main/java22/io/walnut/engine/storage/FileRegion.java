package io.walnut.engine.storage;

import io.walnut.spi.MappedRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A mapped region that is unmapped when it is closed. */
final class FileRegion implements MappedRegion {
    private final Arena arena;
    private final MemorySegment segment;
    private final ByteBuffer buffer;

    static FileRegion map(FileChannel channel, long from, long length) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new FileRegion(arena, channel.map(FileChannel.MapMode.READ_WRITE, from, length, arena));
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private FileRegion(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
        this.buffer = segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void force(int from, int to) throws IOException {
        try {
            segment.asSlice(from, to - (long) from).force();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public boolean evict(int from, int to) {
        return Advice.give(segment.asSlice(from, to - (long) from), Advice.DONTNEED);
    }

    @Override
    public boolean populate(int from, int to) {
        return Advice.give(segment.asSlice(from, to - (long) from), Advice.POPULATE_WRITE);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** What the kernel is told of pages; where that cannot be had, it is not told. */
    private static final class Advice {
        /** They stay in its cache, and are taken out of the mapping. */
        static final int DONTNEED = 4;

        /** They are put into the mapping, as a store would. Linux 5.14. */
        static final int POPULATE_WRITE = 23;

        private static final @Nullable MethodHandle MADVISE = NativeCalls.optional(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        /** The linker keeps the mapping alive meanwhile, and refuses memory that is not mapped any more. */
        static boolean give(MemorySegment pages, int advice) {
            MethodHandle madvise = MADVISE;
            if (madvise == null) {
                return false;
            }
            try {
                return (int) madvise.invokeExact(pages, pages.byteSize(), advice) == 0;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("madvise failed", e);
            }
        }
    }
}
