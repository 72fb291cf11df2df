package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log many times as large as the memory is recovered, and read. */
class BoundedMemoryTest {
    private static final int RECORDS = 1500;

    @TempDir
    Path directory;

    @Test
    void aKilledLogManyTimesAsLargeAsTheHeapIsRecoveredAndRead() throws Exception {
        Process child = Children.start(jvm(Writing.class));
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(9, child.waitFor(), said);
        child = Children.start(jvm(Recovering.class));
        said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
    }

    @Test
    void aValueManyTimesAsLongAsTheHeapIsAppendedAndRead() throws Exception {
        Process child = Children.start(jvm(Streaming.class));
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
    }

    /** Appends 160 MB as one value, opens again and reads it; with an argument as many bytes as that says. */
    static final class Streaming {
        public static void main(String[] arguments) throws IOException {
            long length = Long.getLong("walnut.value.bytes", 160_000_000L);
            Position at;
            try (Wal wal = Wal.open(config(arguments[0]))) {
                at = wal.append(new byte[] {1}, Logs.counting(length), length);
            }
            try (Wal wal = Wal.open(config(arguments[0]));
                    WalReader reader = wal.read(at)) {
                if (!reader.next() || reader.valueLength() != length) {
                    throw new AssertionError("no such record");
                }
                InputStream expected = Logs.counting(length);
                try (InputStream value = reader.valueStream()) {
                    byte[] part;
                    while ((part = value.readNBytes(100_000)).length > 0) {
                        if (!Arrays.equals(part, expected.readNBytes(part.length))) {
                            throw new AssertionError("other bytes");
                        }
                    }
                }
                if (expected.read() >= 0) {
                    throw new AssertionError("too few bytes");
                }
            }
        }
    }

    /** What a thread writes by a call is copied to memory outside the heap, which stays with the thread. */
    @Test
    void aRecordLargerThanTheMemoryOutsideTheHeapIsWritten() throws Exception {
        Process child = Children.start(jvm(Large.class, "-Xmx64m", "-XX:MaxDirectMemorySize=2m"));
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        try (Wal wal = Wal.open(config(directory.toString()));
                WalReader reader = wal.read(Position.START)) {
            for (byte key = 0; key < 2; key++) {
                assertTrue(reader.next());
                assertEquals(ByteBuffer.wrap(large()), reader.value());
                assertEquals(key, reader.key().get());
            }
        }
    }

    /** Appends 6 MB at once, twice, each where nothing else waits to be forced. */
    static final class Large {
        public static void main(String[] arguments) {
            try (Wal wal = Wal.open(config(arguments[0]))) {
                wal.append(new byte[] {0}, large());
                wal.sync();
                wal.append(new byte[] {1}, large());
            }
        }
    }

    private static byte[] large() {
        byte[] value = new byte[6_000_000];
        new Random(1).nextBytes(value);
        return value;
    }

    private List<String> jvm(Class<?> main) {
        return jvm(main, "-Xmx16m", "-XX:MaxDirectMemorySize=8m");
    }

    private List<String> jvm(Class<?> main, String... options) {
        List<String> command = Children.command(main, directory.toString());
        command.addAll(1, List.of(options));
        return command;
    }

    private static WalConfig config(String directory) {
        return WalConfig.builder(Path.of(directory)).fsync("os").build();
    }

    /** Writes 96 MB and dies. */
    static final class Writing {
        public static void main(String[] arguments) {
            Wal wal = Wal.open(config(arguments[0]));
            byte[] value = new byte[64 << 10];
            for (int i = 0; i < RECORDS; i++) {
                value[0] = (byte) i;
                wal.append(new byte[1], value);
            }
            Runtime.getRuntime().halt(9);
        }
    }

    /** Recovers it, and counts. */
    static final class Recovering {
        public static void main(String[] arguments) {
            try (Wal wal = Wal.open(config(arguments[0]));
                    WalReader reader = wal.read(Position.START)) {
                int records = 0;
                while (reader.next()) {
                    if (reader.value().duplicate().get() != (byte) records) {
                        throw new AssertionError("record " + records);
                    }
                    records++;
                }
                if (records != RECORDS || wal.recovery().segmentsScanned() == 0) {
                    throw new AssertionError(records + " records, " + wal.recovery());
                }
            }
        }
    }
}
