package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Witness;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The {@code WITNESS} file: after each force it is noted here what is durable. It only helps to tell damage from a torn
 * tail; where it cannot be written the log does without. For one thread at a time.
 */
public final class WitnessFile implements AutoCloseable {
    /** Its name. */
    public static final String NAME = "WITNESS";

    private final Storage storage;
    private final String logName;
    private final long logHigh;
    private final ByteBuffer slot = ByteBuffer.allocate(Witness.BYTES);
    private long generation;
    private @Nullable StorageFile file;
    private boolean broken;

    /** The file of a named log is opened, or created, when the first witness is noted. */
    public WitnessFile(Storage storage, String logName, UUID log, @Nullable Witness last) {
        this.storage = storage;
        this.logName = logName;
        this.logHigh = log.getMostSignificantBits();
        this.generation = last == null ? 0 : last.generation();
    }

    /** {@return the newest witness for this log, or null if there is none} */
    public static @Nullable Witness read(Storage storage, UUID log) throws IOException {
        try (StorageFile file = storage.openReadOnly(NAME)) {
            ByteBuffer both = Bytes.allocate(2 * Witness.SLOT);
            while (both.hasRemaining() && file.read(both, both.position()) > 0) {}
            both.flip();
            Witness newest = null;
            for (int slot = 0; slot < 2; slot++) {
                Witness witness = Witness.read(both, slot * Witness.SLOT);
                if (witness != null
                        && witness.logHigh() == log.getMostSignificantBits()
                        && (newest == null || witness.generation() > newest.generation())) {
                    newest = witness;
                }
            }
            return newest;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** {@return whether a log can have noted this} */
    public static boolean isPossible(Witness witness) {
        return witness.generation() >= 0
                && witness.generation() <= SlotFile.MAX_COUNT
                && Place.isSegment(witness.segment())
                && Place.isOffset(witness.offset());
    }

    void note(long segment, long offset, int check) {
        if (broken) {
            return;
        }
        try {
            StorageFile target = file;
            if (storage.unshare(NAME) && target != null) { // or a hard-linked copy would seem to lack what is newer
                target.close();
                target = null;
            }
            if (target == null) {
                target = open();
                file = target;
            }
            generation++;
            Witness.write(slot.array(), generation, logHigh, segment, offset, check);
            target.write(slot.clear(), Witness.offsetOf(generation));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            broken = true;
            System.getLogger("io.walnut.engine")
                    .log(
                            System.Logger.Level.INFO,
                            "wal.witness.unavailable log=" + logName + " at=" + storage.location()
                                    + ": going on without",
                            e);
        }
    }

    private StorageFile open() throws IOException {
        try {
            return storage.open(NAME);
        } catch (NoSuchFileException e) {
            StorageFile created = storage.create(NAME);
            file = created; // closed with this, whatever comes
            created.write(ByteBuffer.allocate(2 * Witness.SLOT), 0);
            return created;
        }
    }

    @Override
    public void close() throws IOException {
        StorageFile open = file;
        broken = true;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
