package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.LogState;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The {@code STATE} file, a {@link SlotFile}. */
public final class StateFile {
    /** Its name. */
    public static final String NAME = "STATE";

    /** Its name while it is created. */
    public static final String NEW_NAME = NAME + SlotFile.NEW;

    private final SlotFile<LogState> file;

    private StateFile(SlotFile<LogState> file) {
        this.file = file;
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
        return new StateFile(new SlotFile<>(storage, NAME, LogState.SLOT, current, exists));
    }

    /** From now on a force that fails stops the log. */
    synchronized void stops(Failure ofLog) {
        file.stops(ofLog);
    }

    /** {@return the present state} */
    public synchronized LogState current() {
        return file.current();
    }

    /** Stores the first state durably, if none is stored yet. */
    public synchronized void create() throws IOException {
        if (!file.exists()) {
            file.write(file.current());
        }
    }

    /** Makes the present state durable: after the death of a process it may be no more than written. */
    public synchronized void settle() throws IOException {
        file.settle();
    }

    /** Stores a state durably. */
    public synchronized void write(LogState next) throws IOException {
        file.write(next);
    }
}
