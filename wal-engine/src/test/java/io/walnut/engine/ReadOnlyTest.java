package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalState;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.ForwardingStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyTest {
    @TempDir
    Path directory;

    @Test
    void whoClosesAtTheSameTimeGoesOnWhenItIsClosedAndTheStorageIsClosedOnce() throws Exception {
        MemoryStorage memory = new MemoryStorage("log");
        try (Wal wal = Engine.builder(directory).storage(memory).open()) {
            wal.append(put("k", "1"));
        }
        AtomicInteger closed = new AtomicInteger();
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Wal wal = Engine.builder(directory)
                .storage(new ForwardingStorage(memory) {
                    @Override
                    public void close() throws IOException {
                        closed.incrementAndGet();
                        closing.countDown();
                        Latches.await(goOn);
                        super.close();
                    }
                })
                .build()
                .openReadOnly();
        Thread first = new Thread(wal::close);
        first.start();
        closing.await();
        assertEquals(WalState.CLOSED, wal.state());
        assertThrows(WalClosedException.class, () -> wal.read(Position.START));
        Thread second = new Thread(wal::close);
        second.start();
        while (second.getState() != Thread.State.WAITING && second.isAlive()) {
            Thread.onSpinWait();
        }
        assertTrue(second.isAlive());
        goOn.countDown();
        first.join();
        second.join();
        wal.close();
        assertEquals(1, closed.get());
    }
}
