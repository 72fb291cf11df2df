package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Capability;
import io.walnut.api.Position;
import io.walnut.api.RecordTooLargeException;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Values that are appended and read as streams. */
@Needs(Capability.STREAMED_VALUES)
abstract class StreamedValueRules extends WalRules {
    private static final int LONG = 300_000;

    StreamedValueRules() {}

    @BeforeEach
    final void segments() {
        smallSegments();
    }

    private Position append(Wal wal, byte[] value) {
        return wal.append(bytes("key"), new ByteArrayInputStream(value), value.length);
    }

    private static void assertValue(byte[] expected, Wal wal, Position at) throws IOException {
        try (WalReader reader = wal.read(at)) {
            assertTrue(reader.next());
            assertEquals(at, reader.position());
            assertEquals(expected.length, reader.valueLength());
            try (InputStream value = reader.valueStream()) {
                assertArrayEquals(expected, value.readAllBytes());
                assertEquals(-1, value.read());
            }
            if (reader.isStreamed()) {
                assertThrows(RecordTooLargeException.class, reader::value);
                assertTrue(reader.record().isStreamed());
            }
        }
    }

    /** If this fails, look at the borders of the parts, and at where a value goes on in the next segment. */
    @Test
    final void optional_W521_givesBackValuesOfAnyLength() throws IOException {
        Map<Position, byte[]> values = new HashMap<>();
        try (Wal wal = log().open()) {
            for (int length : new int[] {0, 1, 1_000, 16_384, 16_385, 65_536, 100_000, LONG}) {
                byte[] value = noise(length);
                values.put(append(wal, value), value);
                append(wal, records(length, 2));
            }
            for (Map.Entry<Position, byte[]> each : values.entrySet()) {
                assertValue(each.getValue(), wal, each.getKey());
            }
        }
        try (Wal wal = log().open()) {
            for (Map.Entry<Position, byte[]> each : values.entrySet()) {
                assertValue(each.getValue(), wal, each.getKey());
            }
        }
    }

    /** If this fails, look at a stream that ends early or throws: nothing may be there of it, and the log goes on. */
    @Test
    final void optional_W522_rejectsAValueThatCannotBeRead() {
        try (Wal wal = log().open()) {
            wal.append(record(1));
            InputStream tooShort = new ByteArrayInputStream(noise(LONG - 1));
            assertRefused(wal, tooShort);
            assertRefused(wal, new InputStream() {
                private int left = LONG / 2;

                @Override
                public int read() throws IOException {
                    if (left-- <= 0) {
                        throw new IOException("the source is gone");
                    }
                    return 7;
                }
            });
            wal.append(record(2));
            assertEquals(2, entries(wal).size());
        }
    }

    private static void assertRefused(Wal wal, InputStream value) {
        Position end = wal.end();
        WalException refused = assertThrows(WalException.class, () -> wal.append(bytes("key"), value, LONG));
        assertEquals(Reason.IO, refused.reason());
        assertEquals(Outcome.REJECTED, refused.outcome());
        assertEquals(end, wal.end());
    }

    /** If this fails, look at what is known of the length: what follows it in the stream belongs to the caller. */
    @Test
    final void optional_W523_readsNoFurtherThanTheValue() {
        try (Wal wal = log().open()) {
            ByteArrayInputStream source = new ByteArrayInputStream(noise(LONG + 10));
            wal.append(bytes("key"), source, LONG);
            assertEquals(10, source.available());
        }
    }

    /** If this fails, look at deletion: a part of a value is needed as long as its record is retained. */
    @Test
    @Needs(Capability.SEGMENT_DELETION)
    final void optional_W524_keepsTheValuesOfRecordsThatAreRetained() throws IOException {
        byte[] value = noise(LONG);
        try (Wal wal = log().open()) {
            wal.append(record(1));
            Position at = append(wal, value);
            wal.append(record(2));
            wal.deleteSegmentsBefore(at);
            assertValue(value, wal, at);
        }
        try (Wal wal = log().open()) {
            wal.deleteSegmentsBefore(wal.end());
        }
    }
}
