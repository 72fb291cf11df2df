package io.walnut.tck.bench;

import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.HdrHistogram.Histogram;

/** The longest append across many rotations, beside the longest force of the same run. */
final class StallWork {
    private static final String FORCE = "io.walnut.Fsync";
    private static final int DIGITS = 2;

    private final Logs logs;
    private final Payload payload;
    private final long bytes;
    private long longestForceNanos;

    StallWork(Logs logs, Payload payload, long bytes) {
        this.logs = logs;
        this.payload = payload;
        this.bytes = bytes;
    }

    /** The sides: the longest append of a run, and the longest force of the run before. */
    Sides sides(Map<String, String> policy) {
        return new Sides(
                trial -> longestAppend(trial.directory(), policy),
                trial -> new Sample(1, 0, Math.max(1, longestForceNanos), -1, Double.NaN, ""));
    }

    private Sample longestAppend(Path directory, Map<String, String> policy) throws Exception {
        Map<String, String> config = new HashMap<>(policy);
        config.put("wal.meter", "jfr");
        Histogram appends = new Histogram(3_600_000_000_000L, DIGITS);
        int segments;
        long nanos;
        long longest = 0;
        Path file = Files.createTempFile("walnut-bench", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(FORCE).withThreshold(Duration.ZERO);
            recording.start();
            try (Wal wal = logs.open(directory, config)) {
                long start = System.nanoTime();
                long last = start;
                for (long left = bytes / payload.recordBytes(), i = 0; i < left; i++) {
                    wal.append(payload.key((int) i), payload.value((int) i));
                    long now = System.nanoTime();
                    appends.recordValue(now - last);
                    longest = Math.max(longest, now - last);
                    last = now;
                }
                nanos = System.nanoTime() - start;
                segments = wal.segments().size();
            }
            recording.stop();
            recording.dump(file);
            longestForceNanos = longestForce(file);
        } finally {
            Files.delete(file);
        }
        String note = String.format(
                Locale.ROOT,
                "%d segments, %.0f k appends/s; p99.99 %.3f ms, p99.999 %.3f ms",
                segments,
                (double) bytes / payload.recordBytes() * 1e6 / nanos,
                appends.getValueAtPercentile(99.99) / 1e6,
                appends.getValueAtPercentile(99.999) / 1e6);
        return new Sample(1, bytes, longest, -1, Double.NaN, note);
    }

    private static long longestForce(Path file) throws IOException {
        long longest = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals(FORCE)) {
                longest = Math.max(longest, event.getDuration("took").toNanos());
            }
        }
        return longest;
    }
}
