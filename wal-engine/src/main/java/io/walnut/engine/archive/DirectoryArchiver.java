package io.walnut.engine.archive;

import io.walnut.api.SegmentInfo;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/**
 * Copies segments to another directory: each under a temporary name first, forced, renamed, and the name forced, so that
 * what has a segment's name there is whole. A copy that is there already is compared and left as it is.
 */
public final class DirectoryArchiver implements SegmentArchiver {
    private static final int CHUNK = 256 << 10;
    private static final String PART = ".part";

    private final Storage target;

    /**
     * An archiver to a directory.
     *
     * @param target where the copies go
     */
    public DirectoryArchiver(Storage target) {
        this.target = target;
    }

    @Override
    public void archive(SegmentInfo segment, StorageFile content) throws IOException {
        if (isThere(segment.name(), content)) {
            target.forceDirectory(); // of an earlier attempt only that may have been missing
            return;
        }
        String part = segment.name() + PART;
        target.delete(part);
        try (StorageFile copy = target.create(part)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            long at = 0;
            while (content.read(chunk.clear(), at) > 0) {
                chunk.flip();
                int read = chunk.remaining();
                copy.write(chunk, at);
                at += read;
            }
            if (at != content.size()) {
                throw new IOException("of " + segment.name() + " only " + at + " bytes could be read");
            }
            copy.force();
            content.read(
                    chunk.clear().limit(1), 0); // fails if the log was closed: the next life may write the same part
        }
        target.rename(part, segment.name());
        try {
            target.forceDirectory();
        } catch (IOException e) {
            target.delete(segment.name()); // what is there could not be durable, however often it is forced again
            throw e;
        }
    }

    private boolean isThere(String name, StorageFile content) throws IOException {
        try (StorageFile copy = target.openReadOnly(name)) {
            long size = content.size();
            ByteBuffer expected = ByteBuffer.allocateDirect(CHUNK);
            ByteBuffer found = ByteBuffer.allocateDirect(CHUNK);
            boolean same = copy.size() == size;
            for (long at = 0; same && at < size; at += found.limit()) {
                int length = (int) Math.min(CHUNK, size - at);
                fill(content, expected.clear().limit(length), at);
                fill(copy, found.clear().limit(length), at);
                same = expected.equals(found);
            }
            if (!same) {
                throw new IOException(target.location() + "/" + name
                        + " is there already and has another content: it is damaged, belongs to another log, or the log was"
                        + " truncated since it was copied; move it and all newer copies away");
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void fill(StorageFile file, ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) < 0) {
                throw new IOException(file.name() + " is shorter than it was");
            }
        }
        buffer.flip();
    }
}
