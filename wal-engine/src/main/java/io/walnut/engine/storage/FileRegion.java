package io.walnut.engine.storage;

import io.walnut.spi.MappedRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A mapped region that is unmapped when it is closed, where the JDK lets us: otherwise a deleted segment would keep its
 * space until a garbage collection. This is the portable variant; on JDK 22 and later another class takes its place.
 */
final class FileRegion implements MappedRegion {
    private static final @Nullable MethodHandle INVOKE_CLEANER = invokeCleaner();

    private final MappedByteBuffer mapped;
    private final ByteBuffer buffer;
    private boolean closed;

    static FileRegion map(FileChannel channel, long from, long length) throws IOException {
        return new FileRegion(channel.map(FileChannel.MapMode.READ_WRITE, from, length));
    }

    private FileRegion(MappedByteBuffer mapped) {
        this.mapped = mapped;
        this.buffer = mapped.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void force(int from, int to) throws IOException {
        try {
            mapped.force(from, to - from);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        if (!closed && INVOKE_CLEANER != null) {
            closed = true;
            try {
                INVOKE_CLEANER.invoke(mapped);
            } catch (Throwable e) {
                System.getLogger(FileRegion.class.getName())
                        .log(System.Logger.Level.DEBUG, "wal.unmap.failed: left to the garbage collector", e);
            }
        }
    }

    private static @Nullable MethodHandle invokeCleaner() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            var field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(field.get(null));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
