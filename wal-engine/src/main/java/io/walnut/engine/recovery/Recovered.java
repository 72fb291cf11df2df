package io.walnut.engine.recovery;

import io.walnut.api.RecoveryReport;
import io.walnut.engine.format.Witness;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.Tail;
import io.walnut.spi.Storage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log as it was found, and repaired if that was asked for.
 *
 * @param storage where it is, with what was only staged
 * @param state the low-water mark and the identity of the log
 * @param witness the newest witness of durability
 * @param segments what can be read, all finished
 * @param tail where appending goes on
 * @param report for the application
 */
public record Recovered(
        Storage storage,
        StateFile state,
        @Nullable Witness witness,
        List<Segment> segments,
        Tail tail,
        RecoveryReport report) {}
