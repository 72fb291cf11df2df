package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkipExpiredTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.000000700Z");

    @TempDir
    Path directory;

    private static List<String> keys(Wal wal, ReadOptions options) {
        List<String> keys = new ArrayList<>();
        try (WalReader reader = wal.read(Position.START, options)) {
            while (reader.next()) {
                keys.add(StandardCharsets.UTF_8.decode(reader.key()).toString());
            }
        }
        return keys;
    }

    private static ReadOptions at(Instant now) {
        return ReadOptions.DEFAULT.skipExpired(InstantSource.fixed(now));
    }

    @Test
    void whatHasExpiredByTheReadersClockIsSkippedAlsoAfterARestart() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("for ever", "").withTimestamp(T0));
            wal.append(put("a second", "").withTimestamp(T0).withTtl(Duration.ofSeconds(1)));
            wal.append(put("an hour", "").withTimestamp(T0).withTtl(Duration.ofHours(1)));
            wal.append(put("292 years", "").withTimestamp(T0).withTtl(Duration.ofNanos(Long.MAX_VALUE)));
        }
        try (Wal wal = Wal.open(directory)) {
            List<String> all = List.of("for ever", "a second", "an hour", "292 years");
            assertEquals(all, keys(wal, ReadOptions.DEFAULT));
            assertEquals(all, keys(wal, at(T0)));
            assertEquals(all, keys(wal, at(Instant.EPOCH)));
            assertEquals(all, keys(wal, at(T0.plusSeconds(1).minusNanos(1))));
            assertEquals(
                    List.of("for ever", "an hour", "292 years"),
                    keys(wal, at(T0.plusSeconds(1).plusMillis(1))));
            assertEquals(List.of("for ever", "292 years"), keys(wal, at(T0.plus(Duration.ofDays(100)))));
            assertEquals(
                    List.of("for ever", "292 years"),
                    keys(wal, ReadOptions.DEFAULT.skipExpired()).stream()
                            .filter(key -> !key.equals("an hour"))
                            .toList());
        }
    }

    @Test
    void aReaderThatSkipsKnowsItsPlaceAndStandsOnNothingItSkipped() {
        try (Wal wal = Wal.open(directory)) {
            wal.append(put("a", "1").withTimestamp(T0));
            wal.append(put("b", "2").withTimestamp(T0).withTtl(Duration.ofSeconds(1)));
            try (WalReader reader =
                    wal.read(Position.START, at(T0.plusSeconds(2)).withDurableOnly())) {
                wal.sync();
                assertTrue(reader.next());
                assertEquals(1, reader.sequence());
                assertFalse(reader.next());
                assertThrows(NoSuchElementException.class, reader::key);
                assertEquals(wal.end(), reader.nextPosition());
                wal.append(put("c", "3").withTimestamp(T0));
                wal.sync();
                assertTrue(reader.next(Duration.ofMinutes(1)));
                assertEquals(3, reader.sequence(), "sequences keep their gaps");
            }
        }
    }
}
