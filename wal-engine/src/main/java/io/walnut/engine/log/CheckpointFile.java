package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.CheckpointSlot;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The {@code CHECKPOINTS} file, a {@link SlotFile}, created when something is written for the first time. For one thread at a time. */
final class CheckpointFile {
    static final String NAME = "CHECKPOINTS";

    /** Its name while it is created. */
    static final String NEW_NAME = NAME + SlotFile.NEW;

    private final StateFile state;
    private final SlotFile<CheckpointSlot> file;
    private final boolean unreadable;

    /**
     * The file of an open log.
     *
     * @param stored what was read of it
     * @param state says whose checkpoints these are, so it has to be stored before them
     * @param failure is told when a force fails
     */
    CheckpointFile(Storage storage, StoredCheckpoints stored, StateFile state, Failure failure) {
        this.state = state;
        file = new SlotFile<>(storage, NAME, CheckpointSlot.SLOT, stored.slot(), stored.exists());
        file.stops(failure);
        unreadable = stored.lost();
    }

    /** {@return what is stored of the checkpoints of a log} */
    static StoredCheckpoints read(Storage storage, UUID log) throws IOException {
        ByteBuffer both = Bytes.allocate(2 * CheckpointSlot.SLOT);
        try (StorageFile file = storage.openReadOnly(NAME)) {
            while (both.hasRemaining() && file.read(both, both.position()) > 0) {}
        } catch (NoSuchFileException e) {
            return StoredCheckpoints.none(log);
        }
        both.flip();
        CheckpointSlot first = possible(CheckpointSlot.read(both, 0, log));
        CheckpointSlot second = possible(CheckpointSlot.read(both, CheckpointSlot.SLOT, log));
        if (first == null && second == null) {
            CheckpointSlot lost = new CheckpointSlot(0, log, Map.of(Checkpoints.LOST, Position.START));
            return new StoredCheckpoints(
                    lost,
                    true,
                    true,
                    "both copies in the file " + NAME
                            + " are damaged: no checkpoint is known any more; retention deletes"
                            + " nothing until somebody removes the checkpoint " + Checkpoints.LOST);
        }
        boolean firstCounts = second == null || first != null && first.generation() > second.generation();
        CheckpointSlot counts = firstCounts ? first : second;
        boolean damaged = firstCounts
                ? second == null && isWritten(both, CheckpointSlot.SLOT)
                : first == null && isWritten(both, 0);
        return new StoredCheckpoints(
                Objects.requireNonNull(counts),
                true,
                false,
                damaged
                        ? "one of the two copies in the file " + NAME + " is damaged, or was being written when the log"
                                + " stopped; the other one is used"
                        : "");
    }

    /** {@return a slot, or null if no log can have written what it says} */
    private static @Nullable CheckpointSlot possible(@Nullable CheckpointSlot slot) {
        return slot != null
                        && slot.generation() >= 0
                        && slot.generation() <= SlotFile.MAX_COUNT
                        && slot.positions().values().stream().allMatch(CheckpointFile::isPossible)
                ? slot
                : null;
    }

    private static boolean isPossible(Position position) {
        return Place.isSegment(position.segment()) && Place.isOffset(position.offset());
    }

    private static boolean isWritten(ByteBuffer both, int at) {
        int end = Math.min(at + CheckpointSlot.SLOT, both.limit());
        for (int i = at; i < end; i++) {
            if (both.get(i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes what is stored durable, if that can be read. */
    void settle() throws IOException {
        if (!unreadable) {
            file.settle();
        }
    }

    /** Stores positions durably, instead of what was stored. */
    void write(Map<String, Position> positions) throws IOException {
        state.create();
        file.write(file.current().with(positions));
    }
}
