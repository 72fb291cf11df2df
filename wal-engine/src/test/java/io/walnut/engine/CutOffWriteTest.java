package io.walnut.engine;

import static io.walnut.engine.Logs.entries;
import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process dies while the kernel takes a write piece by piece: whatever beginning of it is there, strict opens. */
class CutOffWriteTest {
    @TempDir
    Path temporary;

    private Path killed;
    private byte[] content;
    private int from;
    private int end;
    private List<Entry> whole;

    private static WalConfig config(Path directory) {
        return WalConfig.builder(directory)
                .fsync("os")
                .io("channel")
                .segmentBytes(64 << 10)
                .set("wal.recovery", "strict")
                .build();
    }

    /** The second life of a segment: an OPEN frame, a record, a batch of two, a record. */
    @BeforeEach
    void kill() throws IOException {
        Path directory = temporary.resolve("log");
        try (Wal wal = Wal.open(config(directory))) {
            wal.append(put("first", "life"));
        }
        from = (int) Files.size(segment(directory));
        try (Wal wal = Wal.open(config(directory))) {
            wal.append(put("single", "1"));
            wal.appendBatch(List.of(put("batch", "1"), put("batch", "2")));
            wal.append(put("single", "2"));
            whole = entries(wal);
            killed = Logs.copy(directory, temporary.resolve("killed"));
        }
        content = Files.readAllBytes(segment(killed));
        end = content.length;
        while (content[end - 1] == 0) {
            end--;
        }
        end = (end + 7) & ~7;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void strictOpensWhateverBeginningOfAWriteIsThere(boolean spaceWasReserved) throws IOException {
        for (int cut = from; cut <= end; cut += 8) {
            byte[] beginning = Arrays.copyOf(content, cut);
            assertEquals(
                    expected(cut),
                    opened(spaceWasReserved ? Arrays.copyOf(beginning, content.length) : beginning),
                    "cut off at " + cut + " of " + from + " to " + end);
        }
    }

    /** A batch is there when all of it is. */
    private List<Entry> expected(int cut) {
        int last = 0;
        for (int i = 1; i < whole.size(); i++) {
            boolean closes = i != 2;
            long behind = i + 1 < whole.size() ? whole.get(i + 1).position().offset() : end;
            last = closes && behind <= cut ? i : last;
        }
        return whole.subList(0, last + 1);
    }

    @Test
    void strictRefusesWhatIsNoBeginning() throws IOException {
        for (Entry entry : whole.subList(1, whole.size())) {
            int behindFirstWord = Math.toIntExact(entry.position().offset()) + 8;
            byte[] gap = content.clone();
            Arrays.fill(gap, behindFirstWord, behindFirstWord + 8, (byte) 0);
            assertThrows(WalCorruptException.class, () -> opened(gap), "a gap in the head of " + entry);
        }
    }

    private List<Entry> opened(byte[] bytes) throws IOException {
        Path directory = Logs.copy(killed, Files.createTempDirectory(temporary, "opened"));
        Files.write(segment(directory), bytes);
        try (Wal wal = Wal.open(config(directory))) {
            return entries(wal);
        }
    }

    private static Path segment(Path directory) throws IOException {
        return Logs.segmentFiles(directory).get(0);
    }
}
