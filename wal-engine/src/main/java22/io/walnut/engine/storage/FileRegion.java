package io.walnut.engine.storage;

import io.walnut.spi.MappedRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

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
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
