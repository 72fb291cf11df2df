package io.walnut.engine.log;

import io.walnut.engine.format.Footer;
import io.walnut.spi.Storage;
import java.io.IOException;

/** Seals, in the background and in order, segments that nothing is appended to any more and that have been forced. */
final class Sealer {
    private final Storage storage;
    private final Workers.Serial serial;
    private final Failure failure;
    private volatile boolean closing;

    Sealer(Storage storage, Workers workers, String logName, Failure failure) {
        this.storage = storage;
        this.serial = new Workers.Serial(workers, logName);
        this.failure = failure;
    }

    /**
     * Seals a segment.
     *
     * @param successor whether the first frame of the segment after it has been forced too
     */
    void seal(ActiveSegment segment, boolean successor) {
        serial.execute(() -> {
            if (failure.isFailed()) {
                release(segment);
                return;
            }
            try {
                segment.seal(storage, failure, successor ? Footer.SUCCESSOR : closing ? Footer.CLOSED : 0);
            } catch (IOException | RuntimeException | Error e) {
                release(segment);
                failure.fail(e);
            }
        });
    }

    static void release(ActiveSegment segment) {
        try {
            segment.file.close();
        } catch (IOException e) {
            System.getLogger("io.walnut.engine")
                    .log(System.Logger.Level.DEBUG, "wal.close.failed file=" + segment.segment.fileName(), e);
        }
    }

    /** The log is being closed in order: the last segment that is sealed now can be continued. */
    void closing() {
        closing = true;
    }

    /** Waits until everything that was handed over is sealed. */
    void await() {
        Gate reached = new Gate();
        serial.execute(reached::open);
        reached.await();
    }
}
