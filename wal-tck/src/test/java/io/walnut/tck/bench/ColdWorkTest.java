package io.walnut.tck.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColdWorkTest {
    private static final Logs LOGS = new Logs(Map.of(), 1);
    private static final long TIMES_AROUND = 3;

    @TempDir
    Path temp;

    /** A prepared log also holds records that were appended before the clock started. */
    @ParameterizedTest
    @CsvSource({"1, 1, false", "4, 1, false", "1, 10, true", "2, 1, true"})
    void shouldFindNothingInTheLogButWhatWasTimed(int threads, int recordsPerCall, boolean forced) throws Exception {
        Payload payload = Payload.random(3, 100);
        Load load = new Load(payload, threads, recordsPerCall, forced, 400, Long.MAX_VALUE);

        Sample sample = new ColdWork(load).log(LOGS, Logs.fsync("os")).run(new Trial(temp, null));

        assertEquals(400, sample.units());
        assertEquals(400L * payload.recordBytes(), sample.bytes());
        try (Wal wal = LOGS.open(temp, Map.of());
                WalReader reader = wal.read(Position.START)) {
            long records = 0;
            while (reader.next()) {
                records++;
                assertEquals(records, reader.sequence());
            }
            assertEquals(400, records);
        }
    }

    @Test
    void shouldWriteExactlyTheBytesOneAfterAnother() throws Exception {
        Payload payload = Payload.random(3, 100);
        long records = TIMES_AROUND * StageLimit.RING_BYTES / payload.recordBytes() + 1;
        ColdWork work = new ColdWork(Load.unforced(payload, 1, records));

        byte[] expected = expected(payload, records, Integer.MAX_VALUE);

        assertArrayEquals(expected, written(work.writes(), WriteLimit.FILE, expected.length));
        assertArrayEquals(expected, written(work.stage(), StageLimit.FILE, expected.length));
    }

    @Test
    void shouldWriteExactlyTheBytesOfBatches() throws Exception {
        Payload payload = Payload.random(3, 1024);
        ColdWork work = new ColdWork(Load.forced(payload, 1, 1000, 5000, Long.MAX_VALUE));

        byte[] expected = expected(payload, 5000, 1000);

        assertArrayEquals(expected, written(work.writes(), WriteLimit.FILE, expected.length));
        assertArrayEquals(expected, written(work.stage(), StageLimit.FILE, expected.length));
    }

    @ParameterizedTest
    @CsvSource({"10240, false, 3000", "100, true, 800"})
    void shouldWriteEachRecordOfAllThreadsAsAWhole(int valueBytes, boolean forced, int records) throws Exception {
        Payload payload = Payload.random(3, valueBytes);
        ColdWork work = new ColdWork(new Load(payload, 8, 1, forced, records, Long.MAX_VALUE));
        Map<ByteBuffer, Integer> expected = new HashMap<>();
        for (int record = 0; record < records / 8; record++) {
            expected.merge(ByteBuffer.wrap(payload.plain(record)), 8, Integer::sum);
        }

        int bytes = records * payload.recordBytes();
        assertEquals(expected, counted(written(work.writes(), WriteLimit.FILE, bytes), payload));
        assertEquals(expected, counted(written(work.stage(), StageLimit.FILE, bytes), payload));
    }

    @Test
    void shouldEndForcedAppendsWhenTheTimeIsOver() throws Exception {
        Payload payload = Payload.random(3, 100);
        Load load = Load.forced(payload, 1, 1, Integer.MAX_VALUE, 1);
        Latencies latencies = new Latencies();

        Sample sample = new ColdWork(load).stage().run(new Trial(temp, latencies));

        assertEquals(1, sample.units());
        assertEquals(1, latencies.percentiles().count());
    }

    @Test
    void shouldCountWhatTheDeviceWrote() throws Exception {
        Payload payload = Payload.random(3, 10240);
        ColdWork work = new ColdWork(Load.unforced(payload, 1, 400));

        Sample sample = work.writes().run(new Trial(temp, null));

        if (Device.writtenBytes(temp) < 0) {
            assertEquals(-1, sample.deviceBytes());
        } else {
            assertTrue(sample.deviceBytes() >= sample.bytes(), sample::toString);
        }
    }

    @Test
    void shouldOfferEveryColdWorkloadByPattern() {
        assertEquals(
                List.of("cold-1k", "cold-1k-8threads", "cold-1k-sustained", "cold-1k-8threads-sustained"),
                Workloads.matching("cold-1k*"));
        assertEquals(
                List.of("cold-batch-1000"), Workloads.matching("*-batch-1000").subList(0, 1));
        assertEquals(List.of("cold-1k"), Workloads.matching("cold-1k"));
        assertFalse(Workloads.matching("*").size() < Workloads.names().size());
        assertEquals(List.of(), Workloads.matching("cold-.k"));
    }

    private byte[] written(Side side, String file, int bytes) throws Exception {
        Path directory = Files.createTempDirectory(temp, "run");
        Sample sample = side.run(new Trial(directory, null));
        assertEquals(bytes, sample.bytes());
        return Files.readAllBytes(directory.resolve(file));
    }

    private static byte[] expected(Payload payload, long records, int recordsPerCall) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int record = 0; record < records; record++) {
            bytes.write(payload.plain(record % recordsPerCall));
        }
        return bytes.toByteArray();
    }

    private static Map<ByteBuffer, Integer> counted(byte[] bytes, Payload payload) {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        for (int at = 0; at < bytes.length; at += payload.recordBytes()) {
            counts.merge(ByteBuffer.wrap(bytes, at, payload.recordBytes()), 1, Integer::sum);
        }
        return counts;
    }
}
