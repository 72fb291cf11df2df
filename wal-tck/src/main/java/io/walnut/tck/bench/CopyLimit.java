package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** M: copying the bytes of records into zero-filled mapped segments, without framing and without forcing what is copied. */
final class CopyLimit {
    static final String BURST = "M burst: copies into filled, forced and mapped space, not touched before";
    static final String SUSTAINED = "M sustained: copies while another thread fills, forces and maps segments";
    static final String FORCED = "no log: the copies, forced too";
    private static final int CHUNK = 64;
    private static final int SEGMENT_BYTES = 128 << 20;

    private CopyLimit() {}

    /** Space is filled, forced and mapped before the clock starts; pages are touched first by what is measured. */
    static Side burst(Payload payload, long records) {
        return trial -> {
            long bytes = records * payload.recordBytes();
            MappedByteBuffer space = RawSpace.mapped(trial.directory().resolve("space"), bytes);
            Latencies latencies = trial.latencies();
            Histogram part = latencies == null ? null : latencies.part();
            Stopwatch watch = Stopwatch.start();
            copy(payload, space, (int) records, part);
            return watch.stop(records, bytes);
        };
    }

    /** The clock starts with the second segment, which is filled while the first is copied into. */
    static Side sustained(Payload payload, long bytes) {
        return sustained(payload, bytes, false);
    }

    /** As {@link #sustained}, with what was copied into a segment forced too: the device gets everything twice. */
    static Side sustainedAndForced(Payload payload, long bytes) {
        return sustained(payload, bytes, true);
    }

    private static Side sustained(Payload payload, long bytes, boolean forced) {
        return trial -> {
            int perSegment = (int) (Math.min(SEGMENT_BYTES, bytes) / payload.recordBytes());
            int segments = (int) Math.max(1, bytes / perSegment / payload.recordBytes());
            Filler filler = new Filler(trial, segments + 1, (long) perSegment * payload.recordBytes(), forced);
            Thread thread = new Thread(filler, "walnut-bench-fill");
            thread.setDaemon(true);
            thread.start();
            ByteBuffer space = filler.next();
            copy(payload, space, perSegment, null);
            Latencies latencies = trial.latencies();
            Histogram part = latencies == null ? null : latencies.part();
            Stopwatch watch = Stopwatch.start();
            for (int segment = 0; segment < segments; segment++) {
                filler.finished(space);
                space = filler.next();
                copy(payload, space, perSegment, part);
            }
            filler.finished(space);
            if (forced) {
                thread.join();
            }
            long records = (long) segments * perSegment;
            Sample sample = watch.stop(records, records * payload.recordBytes());
            thread.join();
            return sample;
        };
    }

    private static void copy(Payload payload, ByteBuffer space, int records, @Nullable Histogram latencies) {
        if (latencies == null) {
            for (int left = records; left > 0; left -= CHUNK) {
                chunk(payload, space, Math.min(CHUNK, left));
            }
            return;
        }
        long last = System.nanoTime();
        for (int record = 0; record < records; record++) {
            space.put(payload.plain(record));
            long now = System.nanoTime();
            Latencies.record(latencies, now - last);
            last = now;
        }
    }

    private static void chunk(Payload payload, ByteBuffer space, int records) {
        for (int record = 0; record < records; record++) {
            space.put(payload.plain(record));
        }
    }

    /** Fills, forces and maps segments, one ahead of who copies into them. */
    private static final class Filler implements Runnable {
        private final BlockingQueue<Object> ready = new ArrayBlockingQueue<>(1);
        private final Trial trial;
        private final int segments;
        private final long bytes;
        private final boolean forces;
        private final BlockingQueue<MappedByteBuffer> finished = new LinkedBlockingQueue<>();

        Filler(Trial trial, int segments, long bytes, boolean forces) {
            this.trial = trial;
            this.segments = segments;
            this.bytes = bytes;
            this.forces = forces;
        }

        @Override
        public void run() {
            try {
                int forced = 0;
                for (int segment = 0; segment < segments; segment++) {
                    ready.put(fill(segment));
                    for (MappedByteBuffer full = finished.poll(); full != null; full = finished.poll()) {
                        full.force();
                        forced++;
                    }
                }
                while (forces && forced < segments) {
                    finished.take().force();
                    forced++;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Object fill(int segment) {
            try {
                return RawSpace.mapped(trial.directory().resolve("space-" + segment), bytes);
            } catch (IOException e) {
                return e;
            }
        }

        void finished(ByteBuffer segment) {
            if (forces) {
                finished.add((MappedByteBuffer) segment);
            }
        }

        ByteBuffer next() throws IOException, InterruptedException {
            Object next = ready.take();
            if (next instanceof IOException e) {
                throw e;
            }
            return (ByteBuffer) next;
        }
    }
}
