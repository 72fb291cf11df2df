package io.walnut.engine.read;

import io.walnut.api.Position;
import io.walnut.api.WalCorruptException;
import io.walnut.engine.log.Segment;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.util.Optional;

/** Reads every frame of a finished segment, to find damage that nobody has met yet. For one thread at a time. */
public final class SegmentVerifier {
    private final Storage storage;
    private final FrameCursor frames = new FrameCursor(256 << 10);

    /** A verifier for the segments of a log. */
    public SegmentVerifier(Storage storage) {
        this.storage = storage;
    }

    /**
     * Reads a segment.
     *
     * @return the first damage; empty if there is none
     * @throws IOException if the segment cannot be read
     */
    public Optional<WalCorruptException> damageIn(Segment segment) throws IOException {
        try (StorageFile file = storage.openReadOnly(segment.fileName())) {
            frames.start(file, segment.header().salt());
            FrameCursor.Step step = frames.next(segment.chainEnd());
            while (step == FrameCursor.Step.FRAME) {
                step = frames.next(segment.chainEnd());
            }
            if (step == FrameCursor.Step.END && frames.check() == segment.lastCheck()) {
                return Optional.empty();
            }
            String why = switch (step) {
                case ZEROS -> "there are zeros where a record was";
                case END -> "its last check is not the one that was noted";
                default -> frames.problem();
            };
            return Optional.of(new WalCorruptException(
                    "the log in " + storage.location() + " is damaged at " + segment.fileName() + " offset "
                            + frames.nextOffset() + ", record with sequence " + frames.nextSequence() + ": " + why
                            + ". Restore the file from a copy; or copy every intact record, those behind the damage too, to"
                            + " a new directory with 'salvage'; or drop everything behind the damage with 'repair'",
                    segment.fileName(),
                    new Position(segment.number(), frames.nextOffset())));
        }
    }
}
