package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.LogState;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code STATE} file: created whole under another name, forced and renamed; then overwritten slot by slot, so that
 * it needs no space and a torn write leaves the slot before.
 */
public final class StateFile {
    /** Its name. */
    public static final String NAME = "STATE";

    /** Its name while it is created. */
    public static final String NEW_NAME = "STATE.new";

    private final Storage storage;
    private LogState current;
    private boolean exists;
    private @Nullable Failure failure;

    private StateFile(Storage storage, LogState current, boolean exists) {
        this.storage = storage;
        this.current = current;
        this.exists = exists;
    }

    /** {@return what is stored, or null if there is no file or nothing valid in it} */
    public static @Nullable LogState read(Storage storage) throws IOException {
        try (StorageFile file = storage.openReadOnly(NAME)) {
            ByteBuffer both = Bytes.allocate(2 * LogState.SLOT);
            while (both.hasRemaining() && file.read(both, both.position()) > 0) {}
            both.flip();
            LogState first = LogState.read(both, 0);
            LogState second = LogState.read(both, LogState.SLOT);
            return second == null || first != null && first.generation() > second.generation() ? first : second;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A state that is stored already, or will be by {@link #create()}. */
    public static StateFile of(Storage storage, LogState current, boolean exists) {
        return new StateFile(storage, current, exists);
    }

    /** From now on a force that fails stops the log. */
    synchronized void stops(Failure ofLog) {
        failure = ofLog;
    }

    /** {@return the present state} */
    public synchronized LogState current() {
        return current;
    }

    /** Stores the first state, if none is stored yet. Durable when the directory has been forced. */
    public synchronized void create() throws IOException {
        if (exists) {
            return;
        }
        storage.delete(NEW_NAME);
        try (StorageFile file = storage.create(NEW_NAME)) {
            file.write(ByteBuffer.allocate(2 * LogState.SLOT), 0);
            file.write(ByteBuffer.wrap(current.bytes()), current.offset());
            force(file::force);
        }
        storage.delete(NAME); // of which nothing was valid
        storage.rename(NEW_NAME, NAME);
        force(storage::forceDirectory);
        exists = true;
    }

    /** Makes the present state durable: after the death of a process it may be no more than written. */
    public synchronized void settle() throws IOException {
        if (exists) {
            write(current.withNextSegment(current.nextSegment())); // the other slot: the present one stays whole
        }
    }

    /** Stores a state durably. */
    public synchronized void write(LogState next) throws IOException {
        if (!exists) {
            current = next;
            create();
            return;
        }
        try (StorageFile file = storage.open(NAME)) {
            file.write(ByteBuffer.wrap(next.bytes()), next.offset());
            force(file::force);
        }
        current = next;
    }

    private interface Force {
        void run() throws IOException;
    }

    private void force(Force what) throws IOException {
        try {
            what.run();
        } catch (IOException | RuntimeException | Error e) {
            if (failure != null) {
                failure.fail(e);
            }
            throw e;
        }
    }
}
