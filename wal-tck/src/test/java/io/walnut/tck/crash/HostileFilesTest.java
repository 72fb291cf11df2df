package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.engine.format.Bytes;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import io.walnut.tck.kit.Daily;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that were changed by somebody who computes the checks anew: parsing stays within its bounds. */
@ExtendWith(Quiet.class)
class HostileFilesTest {
    private static final int[] BYTES = {0, 1, 2, 3, 0x7F, 0x80, 0xFF};
    private static final int[] INTS = {0x7FFFFFFF, 0x80000000, -1, 1 << 30, 15, 17};
    private static final long[] LONGS = {Long.MAX_VALUE, Long.MIN_VALUE, -1, 1L << 40, Long.MAX_VALUE - 1};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "channel-zero-always-none | SMALL,BATCH,SYNC,SMALL",
                "channel-none-always-lz4  | SMALL,CROSS,BATCH,REOPEN,SMALL,CLOSE",
                "channel-zero-os-zstd     | CROSS,SMALL,CROSS,CLOSE",
            })
    void whateverAFieldHoldsParsingIsBounded(String configuration, String workload) {
        Map<String, byte[]> files = HostileFiles.of(configuration.trim(), Workload.parse(workload.trim()));
        files.forEach((name, content) -> {
            if (name.endsWith(".wal") || name.equals("STATE")) {
                // the bytes that mean something: not the middle of a header's page
                List<Integer> places = IntStream.range(0, content.length)
                        .filter(at -> at < 160 || at >= 4096)
                        .boxed()
                        .toList();
                Daily.share(HostileFilesTest.class, places, 64, 12).parallelStream()
                        .forEach(at -> everyValue(configuration.trim(), files, name, content, at));
            }
        });
    }

    private static void everyValue(
            String configuration, Map<String, byte[]> files, String name, byte[] content, int at) {
        CrashSubject subject = EngineConfigurations.named(configuration);
        for (int value : BYTES) {
            byte[] changed = content.clone();
            changed[at] = (byte) value;
            use(subject, files, name, changed);
        }
        for (int value : at % 4 == 0 && at + 4 <= content.length ? INTS : new int[0]) {
            byte[] changed = content.clone();
            Bytes.putInt(changed, at, value);
            use(subject, files, name, changed);
        }
        for (long value : at % 8 == 0 && at + 8 <= content.length ? LONGS : new long[0]) {
            byte[] changed = content.clone();
            Bytes.putLong(changed, at, value);
            use(subject, files, name, changed);
        }
    }

    private static void use(CrashSubject subject, Map<String, byte[]> files, String name, byte[] changed) {
        Map<String, byte[]> hostile = new TreeMap<>(files);
        hostile.put(name, Resealed.file(name, changed));
        HostileFiles.use(subject, hostile);
    }

    @Test
    void sealingAnewWhatWasNotChangedChangesNothing() {
        Map<String, byte[]> files = HostileFiles.of("channel-zero-always-none", Workload.parse("SMALL,BATCH,REOPEN"));
        Map<String, byte[]> resealed = new TreeMap<>(files);
        resealed.replaceAll(Resealed::file);

        assertEquals(records(files), records(resealed));
        assertEquals(4, records(files));
    }

    private static int records(Map<String, byte[]> files) {
        int records = 0;
        try (Wal wal = EngineConfigurations.named("channel-zero-always-none")
                        .open(SimulatedDisk.holding(DiskProfile.STRICT, files));
                WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                records++;
            }
        }
        return records;
    }
}
