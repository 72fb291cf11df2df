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

    /** {@return what no state of a log can say but this one does, in plain words; empty if there is nothing} */
    public static String problem(LogState state) {
        LogState.Cut cut = state.cut();
        boolean segments = isNext(state.lowSegment())
                && isNext(state.nextSegment())
                && Place.isSegment(state.previousSegment())
                && Place.isSegment(cut.segment())
                && (cut.next() == 0 || isNext(cut.next()));
        boolean offsets = Place.isOffset(state.previousEnd()) && Place.isOffset(cut.end());
        boolean counts = isCount(state.generation()) && isCount(state.lowSequence());
        return segments && offsets && counts
                ? ""
                : "it holds numbers that no log reaches: " + state + "; segments end at " + Place.MAX_SEGMENT
                        + " and offsets at " + Place.MAX_OFFSET;
    }

    private static boolean isNext(long segment) {
        return segment >= 1 && Place.isSegment(segment - 1);
    }

    private static boolean isCount(long number) {
        return number >= 1 && number <= SlotFile.MAX_COUNT;
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
