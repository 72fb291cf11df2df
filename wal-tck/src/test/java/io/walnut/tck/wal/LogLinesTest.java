package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalRecord;
import io.walnut.engine.Engine;
import io.walnut.engine.EngineBuilder;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator finds in the log of the application. */
class LogLinesTest {
    private static final Logger LOGGER = Logger.getLogger("io.walnut");

    private final MemoryStorage storage = new MemoryStorage("memory");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains(" log=captured")) {
                lines.add(entry.getLevel() + " " + entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Level before;

    @BeforeEach
    void capture() {
        before = LOGGER.getLevel();
        LOGGER.setLevel(Level.INFO);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(capture);
    }

    @AfterEach
    void restore() {
        LOGGER.removeHandler(capture);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(before);
    }

    private EngineBuilder engine() {
        return Engine.builder(Path.of("nowhere"))
                .set("wal.name", "captured")
                .set("wal.segment.bytes", "64KiB")
                .fsync((pending, own) -> FsyncStrategy.NOT_BY_ITSELF)
                .storage(storage);
    }

    private void assertLines(String... beginnings) {
        assertEquals(beginnings.length, lines.size(), lines::toString);
        for (int i = 0; i < beginnings.length; i++) {
            assertTrue(lines.get(i).startsWith(beginnings[i]), lines::toString);
        }
    }

    @Test
    void aLogThatIsWellSaysOnlyThatItWasOpened() {
        try (Wal wal = engine().open()) {
            for (int i = 0; i < 100; i++) {
                wal.append(new byte[8], new byte[4000]);
            }
            wal.sync();
            wal.deleteSegmentsBefore(wal.end());
        }
        assertLines("INFO wal.opened log=captured at=memory clean=true segments=0 records=0 ");
    }

    @Test
    void damageIsNamedWithFileAndOffset() throws IOException {
        try (Wal wal = engine().open()) {
            long offset = wal.append(new byte[8], new byte[100]).offset();
            wal.sync();
            try (StorageFile file = storage.open("0000000001.wal")) {
                file.write(ByteBuffer.wrap(new byte[] {1}), offset + 60);
            }
            assertThrows(WalException.class, () -> Session.entries(wal));
        }
        assertLines("INFO wal.opened", "SEVERE wal.corrupt log=captured: damage in memory/0000000001.wal at offset ");
    }

    @Test
    void backPressureIsToldOnceAMinute() {
        try (Wal wal = engine().set("wal.unsynced.max.bytes", "4096").open()) {
            for (int i = 0; i < 20; i++) {
                wal.append(WalRecord.put(new byte[8], new byte[3000]));
            }
        }
        assertLines("INFO wal.opened", "WARNING wal.back_pressure log=captured unsyncedBytes=");
    }
}
