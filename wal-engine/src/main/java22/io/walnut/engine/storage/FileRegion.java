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
        return Eviction.evict(segment.asSlice(from, to - (long) from));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** The kernel takes pages out of the mapping, which stay in its cache; where that cannot be had, they stay mapped. */
    private static final class Eviction {
        private static final int MADV_DONTNEED = 4;
        private static final @Nullable MethodHandle MADVISE = NativeCalls.optional(
                "madvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        /** The linker keeps the mapping alive meanwhile, and refuses memory that is not mapped any more. */
        static boolean evict(MemorySegment pages) {
            MethodHandle madvise = MADVISE;
            if (madvise == null) {
                return false;
            }
            try {
                return (int) madvise.invokeExact(pages, pages.byteSize(), MADV_DONTNEED) == 0;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("madvise failed", e);
            }
        }
    }
}
