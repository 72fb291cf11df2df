package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What runs have written, kept until as many bytes were written after it as is asked for. A deletion gives the file's
 * memory back, a guest may hand it on to its host, and the run that uses it next pays for getting it again. What is
 * deleted late is not in memory any more, and every run uses memory that others have just used.
 */
final class Kept implements AutoCloseable {
    private static final long FILL_BYTES = 256L << 20;

    private record Entry(Path path, long bytes) {}

    private final long limit;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    /** Nothing is kept if as many bytes as nothing are asked for. */
    Kept(long limit) {
        this.limit = limit;
    }

    /** Writes zeros into a directory until there are as many bytes as are to be kept. */
    void fill(Path directory) throws IOException {
        for (int file = 0; bytes < limit; file++) {
            Path path = directory.resolve("kept-" + file);
            RawSpace.filled(path, Math.min(FILL_BYTES, limit - bytes)).close();
            add(path);
        }
    }

    /** Takes a file, or a directory with its files, that nobody writes to any more. */
    void add(Path path) throws IOException {
        Entry added = new Entry(path, Directories.bytes(path));
        entries.addLast(added);
        bytes += added.bytes;
        while (!entries.isEmpty() && bytes - entries.getFirst().bytes >= limit) {
            deleteOldest();
        }
    }

    private void deleteOldest() throws IOException {
        Entry oldest = entries.removeFirst();
        bytes -= oldest.bytes;
        Directories.delete(oldest.path);
    }

    /** Deletes everything. */
    @Override
    public void close() throws IOException {
        while (!entries.isEmpty()) {
            deleteOldest();
        }
    }
}
