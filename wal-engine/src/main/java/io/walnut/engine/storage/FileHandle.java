package io.walnut.engine.storage;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file through calls that a thread's interrupt cannot break for others: writes and forces go through an {@link
 * AsynchronousFileChannel} that does its work on the calling thread, and is immune; reads go through a channel of this
 * handle, which is opened again when an interrupt has closed it, as losing it harms no data.
 */
final class FileHandle implements StorageFile {
    /**
     * The JDK copies what it writes to memory outside the heap, and keeps as much of that for each thread. The device begins
     * with each piece while the next is copied; less than a whole piece is not worth one more request.
     */
    private static final int WRITE_BYTES = 256 << 10;

    private final Path path;
    private final @Nullable AsynchronousFileChannel writer;
    private final Writeback writeback;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel reader;
    private volatile boolean closed;

    FileHandle(Path path, boolean writable) throws IOException {
        this.path = path;
        this.writeback = new Writeback(path);
        if (writable) {
            writer = AsynchronousFileChannel.open(path, Set.of(StandardOpenOption.WRITE), Inline.EXECUTOR);
        } else {
            writer = null;
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
        try {
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
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw failed("read at " + position + " of", e);
        }
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
        AsynchronousFileChannel file = writer();
        long at = position;
        int end = source.limit();
        try {
            while (source.position() < end) {
                source.limit(Math.min(end, source.position() + WRITE_BYTES));
                long from = at;
                at += file.write(source, at).get();
                if (end - source.position() >= WRITE_BYTES) {
                    writeback.begin(from, at);
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io
                    ? failed(
                            "write " + (end - source.position()) + " bytes at " + at + " of",
                            FullDisk.explained(io, path, at + end - source.position() - 1))
                    : new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("a write that is done cannot be waited for", e);
        } finally {
            source.limit(end);
        }
    }

    @Override
    public long size() throws IOException {
        if (writer != null) {
            return writer.size();
        }
        return Interrupts.immune(() -> reader().size());
    }

    @Override
    public void force() throws IOException {
        try {
            writer().force(false);
        } catch (IOException e) {
            throw failed("force", e);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            if (size <= size()) {
                writer().truncate(size);
            } else {
                extend(size);
            }
        } catch (IOException e) {
            throw failed("set the size to " + size + " of", FullDisk.explained(e, path, size - 1));
        }
    }

    private void extend(long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }

    @Override
    public boolean allocate(long from, long to) throws IOException {
        try {
            return NativeSpace.allocate(path, from, to);
        } catch (IOException e) {
            throw failed("reserve the bytes from " + from + " to " + to + " of", FullDisk.explained(e, path, to - 1));
        }
    }

    @Override
    public MappedRegion map(long from, long length) throws IOException {
        if (length > Integer.MAX_VALUE || from < 0 || from + length > size()) {
            throw new IOException(
                    "cannot map " + length + " bytes from " + from + " on of the " + size() + " of " + path);
        }
        try {
            return Interrupts.immune(() -> {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return FileRegion.map(channel, from, length);
                }
            });
        } catch (IOException e) {
            throw new IOException("cannot map " + path + ": " + e.getMessage() + "; wal.io=channel does without", e);
        }
    }

    /** {@return the same failure with what failed: the system's own text names neither the operation nor the file} */
    private IOException failed(String operation, IOException failure) {
        return failure instanceof StorageFullException
                ? failure
                : new IOException("cannot " + operation + " " + path + ": " + failure.getMessage(), failure);
    }

    private AsynchronousFileChannel writer() throws IOException {
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
        if (writer != null) {
            try (writeback) {
                writer.close();
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Runs what an asynchronous channel is asked for at once, on the thread that asks. */
    static final class Inline extends AbstractExecutorService {
        static final ExecutorService EXECUTOR = new Inline();

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
