package io.walnut.engine.log;

import io.walnut.engine.format.StageNote;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The {@code STAGE} file: created anew by each life of a log at its first append, so that nobody who still has an older one
 * is disturbed, and deleted when the log is closed. Where it cannot be had, the stage is plain memory.
 */
final class StageFile {
    /** Its name. */
    static final String NAME = "STAGE";

    private static final int FIRST_RING = 64 << 10;
    private static final int GROWTH = 8;
    private static final int CHUNK = 64 << 10;
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");

    private final Storage storage;
    private final String logName;
    private final long logHigh;
    private final boolean mapped;
    private final int most;
    private @Nullable StorageFile file;

    /**
     * The file of a log.
     *
     * @param mapped whether it is tried to map it
     * @param most the size of the largest ring
     */
    StageFile(Storage storage, String logName, long logHigh, boolean mapped, int most) {
        this.storage = storage;
        this.logName = logName;
        this.logHigh = logHigh;
        this.mapped = mapped;
        this.most = most;
    }

    /** {@return the memory for a ring that nothing is in} */
    StageMemory create() {
        int ring = Math.min(FIRST_RING, most);
        if (mapped) {
            try {
                storage.delete(NAME);
                StorageFile created = storage.create(NAME);
                file = created;
                fill(created, 0, StageNote.RING_AT + ring);
                return StageMemory.mapped(created, ring, logHigh);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "wal.map.failed log=" + logName + " at=" + storage.location()
                                + ": each append is written at once instead, as with wal.io=channel; told once",
                        e);
                close();
            }
        }
        return StageMemory.plain(ring);
    }

    /** {@return a larger memory for what is in another one, or null if there is none to be had} */
    @Nullable
    StageMemory larger(StageMemory current) {
        int ring = (int) Math.min(most / current.bytes() * (long) current.bytes(), (long) GROWTH * current.bytes());
        if (ring <= current.bytes()) {
            return null;
        }
        StorageFile open = file;
        try {
            if (!current.survives() || open == null) {
                return StageMemory.plain(ring);
            }
            fill(open, StageNote.RING_AT + current.bytes(), StageNote.RING_AT + ring);
            return StageMemory.mapped(open, ring, logHigh);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.DEBUG, "wal.stage.small log=" + logName, e);
            return null;
        }
    }

    /** A store into a page that was never written would need space that may not be there, and kill the process. */
    private static void fill(StorageFile target, int from, int to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(Math.min(CHUNK, to - from));
        for (int at = from; at < to; at += zeros.limit()) {
            target.write(zeros.clear().limit(Math.min(zeros.capacity(), to - at)), at);
        }
    }

    /** Closes it. What a log that failed has in it, opening the log finds. */
    void close() {
        StorageFile open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "wal.close.failed file=" + NAME, e);
            }
        }
    }

    /** Deletes it, once the segments have everything. */
    void delete() {
        try {
            storage.delete(NAME);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "wal.delete.failed file=" + NAME, e);
        }
    }
}
