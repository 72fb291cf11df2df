package io.walnut.engine.storage;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file through calls that a thread's interrupt cannot break for others: writes go through a {@link RandomAccessFile}
 * and forces through {@link AsynchronousFileChannel#force}, which are immune; reads go through a channel of this handle,
 * which is opened again when an interrupt has closed it, as losing it harms no data.
 */
final class FileHandle implements StorageFile {
    private final Path path;
    private final @Nullable RandomAccessFile writer;
    private final @Nullable AsynchronousFileChannel forcer;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel reader;
    private volatile boolean closed;

    FileHandle(Path path, boolean writable) throws IOException {
        this.path = path;
        if (writable) {
            writer = new RandomAccessFile(path.toFile(), "rw");
            try {
                forcer = AsynchronousFileChannel.open(path, StandardOpenOption.WRITE);
            } catch (IOException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } else {
            writer = null;
            forcer = null;
            reader = Interrupts.immune(() -> FileChannel.open(path, StandardOpenOption.READ));
        }
    }

    @Override
    public String name() {
        return path.getFileName().toString();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        return Interrupts.immune(() -> {
            FileChannel channel = reader();
            try {
                return channel.read(target.position(start), position);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                // another thread's interrupt came between: that reader opens the channel again, and so do we
                if (closed) {
                    throw e;
                }
                throw new ClosedByInterruptException();
            }
        });
    }

    private FileChannel reader() throws IOException {
        FileChannel channel = reader;
        if (channel != null && channel.isOpen()) {
            return channel;
        }
        opening.lock();
        try {
            channel = reader;
            if (closed) {
                throw new IOException("closed: " + path);
            }
            if (channel == null || !channel.isOpen()) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
                reader = channel;
            }
            return channel;
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        RandomAccessFile file = writer();
        writing.lock();
        try {
            file.seek(position);
            if (source.hasArray()) {
                file.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
                source.position(source.limit());
            } else {
                byte[] chunk = new byte[Math.min(source.remaining(), 64 << 10)];
                while (source.hasRemaining()) {
                    int length = Math.min(chunk.length, source.remaining());
                    source.get(chunk, 0, length);
                    file.write(chunk, 0, length);
                }
            }
        } catch (IOException e) {
            throw FileStorage.explained(e, path);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        if (writer != null) {
            return writer.length();
        }
        return Interrupts.immune(() -> reader().size());
    }

    @Override
    public void force() throws IOException {
        if (forcer == null) {
            throw new IOException("opened for reading only: " + path);
        }
        forcer.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
        writing.lock();
        try {
            writer().setLength(size);
        } catch (IOException e) {
            throw FileStorage.explained(e, path);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public boolean allocate(long from, long to) throws IOException {
        try {
            return NativeSpace.allocate(path, from, to);
        } catch (IOException e) {
            throw FileStorage.explained(e, path);
        }
    }

    @Override
    public MappedRegion map(long length) throws IOException {
        if (length > Integer.MAX_VALUE || length > size()) {
            throw new IOException("cannot map " + length + " of " + size() + " bytes of " + path);
        }
        return Interrupts.immune(() -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return new FileRegion(channel.map(FileChannel.MapMode.READ_WRITE, 0, length));
            }
        });
    }

    private RandomAccessFile writer() throws IOException {
        if (writer == null) {
            throw new IOException("opened for reading only: " + path);
        }
        return writer;
    }

    @Override
    public void close() throws IOException {
        opening.lock();
        try {
            closed = true;
            FileChannel channel = reader;
            if (channel != null) {
                channel.close();
            }
        } finally {
            opening.unlock();
        }
        if (writer != null && forcer != null) {
            try {
                forcer.close();
            } finally {
                writer.close();
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
