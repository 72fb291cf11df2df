package io.walnut.tck.bench;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.HdrHistogram.Histogram;

/** F: one positional write and one {@code force(false)} of the same bytes into zero-filled, forced space that was not stored into before. */
final class ForceLimit {
    static final String NAME = "F: write + force(false) into filled space";

    private ForceLimit() {}

    /**
     * One thread forces until the time is over.
     *
     * @param recordsPerForce how many records are written at once
     * @param nanos how long
     * @param maxBytes but not more than this
     */
    static Side of(Payload payload, int recordsPerForce, long nanos, long maxBytes) {
        return trial -> {
            ByteBuffer batch = ByteBuffer.allocateDirect(recordsPerForce * payload.recordBytes());
            for (int record = 0; record < recordsPerForce; record++) {
                batch.put(payload.plain(record));
            }
            Latencies latencies = trial.latencies();
            Histogram part = latencies == null ? new Latencies().part() : latencies.part();
            int size = batch.capacity();
            long space = Math.max(size, maxBytes / size * size);
            try (FileChannel channel = RawSpace.filled(trial.directory().resolve("space"), space)) {
                long forces = 0;
                Stopwatch watch = Stopwatch.start();
                long now = System.nanoTime();
                long end = now + nanos;
                while (forces == 0 || now < end && (forces + 1) * size <= space) {
                    long at = forces * size;
                    batch.clear();
                    while (batch.hasRemaining()) {
                        at += channel.write(batch, at);
                    }
                    channel.force(false);
                    forces++;
                    long last = now;
                    now = System.nanoTime();
                    Latencies.record(part, now - last);
                }
                return watch.stop(forces, forces * recordsPerForce, forces * size);
            }
        };
    }
}
