package io.walnut.engine.recovery;

import io.walnut.api.WalException;
import io.walnut.engine.log.Workers;
import io.walnut.engine.read.FrameCursor;
import io.walnut.spi.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads segments from end to end, several at a time, each reader with a buffer of its own. */
final class ParallelScan {
    private static final int MOST = 4;

    private final Storage storage;
    private final int bufferBytes;
    private final Queue<FoundSegment> left;
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

    private ParallelScan(Storage storage, int bufferBytes, List<FoundSegment> segments) {
        this.storage = storage;
        this.bufferBytes = bufferBytes;
        this.left = new ConcurrentLinkedQueue<>(segments);
    }

    /**
     * Scans segments; returns when all are done.
     *
     * @throws IOException if one of them cannot be read
     */
    static void of(Storage storage, Workers workers, int bufferBytes, List<FoundSegment> segments) throws IOException {
        ParallelScan scan = new ParallelScan(storage, bufferBytes, segments);
        List<CompletableFuture<Void>> helpers = new ArrayList<>();
        int readers = Math.min(Math.min(MOST, Runtime.getRuntime().availableProcessors()), segments.size());
        for (int i = 1; i < readers; i++) {
            try {
                helpers.add(CompletableFuture.runAsync(scan::help, workers::execute));
            } catch (RuntimeException | OutOfMemoryError e) {
                break; // no thread to be had: those that are there do the work
            }
        }
        scan.run(null);
        helpers.forEach(CompletableFuture::join);
        Throwable failure = scan.failed.get();
        if (failure instanceof IOException io) {
            throw io;
        } else if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }

    private void help() {
        FrameCursor frames;
        try {
            frames = new FrameCursor(bufferBytes);
        } catch (WalException | OutOfMemoryError e) {
            return; // no memory for another buffer: the others do the work
        }
        run(frames);
    }

    private void run(@Nullable FrameCursor own) {
        try {
            FrameCursor frames = own;
            FoundSegment next;
            while (failed.get() == null && (next = left.poll()) != null) {
                frames = frames == null ? new FrameCursor(bufferBytes) : frames;
                next.scan(storage, frames);
            }
        } catch (IOException | RuntimeException | Error e) {
            failed.compareAndSet(null, e);
        }
    }
}
