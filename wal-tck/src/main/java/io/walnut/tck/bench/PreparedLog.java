package io.walnut.tck.bench;

import io.walnut.api.Durability;
import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A log that has space prepared for a burst, as the space of a limit is prepared: segments more than twice as large as the
 * burst, one of them appended full; the next reserved as a whole; everything forced and sealed; and no more than the first
 * half of the new segment used, so that no further space is prepared meanwhile.
 */
final class PreparedLog {
    private static final long LEAST_SEGMENT = 1 << 20;
    private static final long GREATEST_SEGMENT = 1 << 30;
    private static final long SHARE_OF_A_SEGMENT_PERCENT = 42;
    private static final int FILLING_BYTES = 64 << 10;
    private static final long PAUSE_MILLIS = 5;
    private static final int MOST_PAUSES = 4000;

    private PreparedLog() {}

    /** Fills a segment. */
    interface Filling {
        Position append(Wal wal, int number);
    }

    /**
     * Opens it, full of records that are stored quickly, whatever the policy and the codec.
     *
     * @param burstBytes how many bytes will be appended, frames included
     */
    static Wal open(Logs logs, Path directory, Map<String, String> config, long burstBytes) throws Exception {
        byte[] value = new byte[FILLING_BYTES];
        new Random(FILLING_BYTES).nextBytes(value);
        WalRecord record = WalRecord.put(new byte[Payload.KEY_BYTES], value).withCodec("none");
        return open(logs, directory, config, burstBytes, (wal, number) -> wal.append(record, Durability.KERNEL));
    }

    /** Opens it, full of what is measured, so that the code is compiled when the clock starts. */
    static Wal open(Logs logs, Path directory, Map<String, String> config, long burstBytes, Filling filling)
            throws Exception {
        long segment = burstBytes * 100 / SHARE_OF_A_SEGMENT_PERCENT;
        segment = Math.min(GREATEST_SEGMENT, Math.max(LEAST_SEGMENT, segment));
        Map<String, String> values = new TreeMap<>(config);
        values.put("wal.segment.bytes", Long.toString(segment));
        values.put("wal.unsynced.max.bytes", "4GiB");
        Wal wal = logs.open(directory, values);
        try {
            long first = filling.append(wal, 0).segment();
            int number = 1;
            while (filling.append(wal, number).segment() == first) {
                number++;
            }
            awaitQuiet(wal, directory, logs.quietPauses());
            filling.append(wal, number + 1); // so that what was reserved meanwhile is forced with it
            wal.sync();
            awaitQuiet(wal, directory, logs.quietPauses());
            return wal;
        } catch (Exception | Error e) {
            wal.close();
            throw e;
        }
    }

    /** Waits until nothing goes on in the background: all but the last segment sealed, and no file grows. */
    private static void awaitQuiet(Wal wal, Path directory, int pauses) throws IOException, InterruptedException {
        long last = -1;
        int quiet = 0;
        for (int pause = 0; quiet < pauses && pause < MOST_PAUSES; pause++) {
            Thread.sleep(PAUSE_MILLIS);
            long bytes = Directories.bytes(directory);
            quiet = bytes == last && sealed(wal) ? quiet + 1 : 0;
            last = bytes;
        }
    }

    private static boolean sealed(Wal wal) {
        List<SegmentInfo> segments = wal.segments();
        return segments.subList(0, segments.size() - 1).stream().allMatch(SegmentInfo::sealed);
    }
}
