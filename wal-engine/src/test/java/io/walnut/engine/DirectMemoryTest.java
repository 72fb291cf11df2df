package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Little memory outside the heap: opening and reading say so, and work when there is more. */
class DirectMemoryTest {
    private static final int LARGE = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void openingAndReadingWithoutMemoryOutsideTheHeapSaySoAndWorkLater() throws Exception {
        List<String> command = new ArrayList<>(
                Children.command(Short.class, directory.resolve("log").toString()));
        command.add(1, "-XX:MaxDirectMemorySize=4m");
        Process child = Children.start(command);
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
    }

    /** Runs in a JVM that has little memory outside the heap, and takes all of it at times. */
    static final class Short {
        private static final Deque<ByteBuffer> TAKEN = new ArrayDeque<>();

        public static void main(String[] arguments) {
            WalConfig config = WalConfig.builder(Path.of(arguments[0]))
                    .io("channel")
                    .codec("none")
                    .build();
            takeAll();
            expectLack(() -> Wal.open(config));
            freeAll();
            Wal wal = Wal.open(config);
            Position first = wal.append(WalRecord.put(new byte[0], new byte[LARGE]));
            takeAll();
            expectLack(() -> read(wal, first));
            freeAll();
            read(wal, first);
            takeAllBut(LARGE / 2);
            expectLack(() -> read(wal, first)); // the reader's buffer does not grow to the record
            freeAll();
            read(wal, first);
            wal.close();
        }

        private static void read(Wal wal, Position from) {
            try (WalReader reader = wal.read(from)) {
                check(reader.next() && reader.value().remaining() == LARGE, "the record is there");
            }
        }

        private static void expectLack(Runnable action) {
            try {
                action.run();
            } catch (WalException e) {
                check(e.reason() == WalException.Reason.OUT_OF_MEMORY, e.toString());
                check(e.toString().contains("MaxDirectMemorySize"), e.toString());
                return;
            }
            throw new AssertionError("there was memory");
        }

        private static void takeAllBut(int bytes) {
            freeAll();
            ByteBuffer kept = ByteBuffer.allocateDirect(bytes);
            takeAll();
            check(kept.capacity() == bytes, "kept until here");
            kept = ByteBuffer.allocate(0);
            System.gc();
        }

        private static void takeAll() {
            for (int size = LARGE; size >= 1024; size /= 32) {
                try {
                    while (true) {
                        TAKEN.add(ByteBuffer.allocateDirect(size));
                    }
                } catch (OutOfMemoryError e) {
                    continue;
                }
            }
        }

        private static void freeAll() {
            TAKEN.clear();
            System.gc();
        }

        private static void check(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError("not so: " + what);
            }
        }
    }
}
