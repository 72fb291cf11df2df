package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The rules about the files of a storage. */
abstract class StorageFileRules extends PartKit<StorageProvider, Storage> {
    private static final String NAME = "0000000001.wal";

    StorageFileRules() {}

    /** If this fails, look at positional writing: the file grows as need be, and what was written can be read at once. */
    @Test
    public final void required_T131_readsBackWhatWasWrittenWhereItWasWritten() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            byte[] content = noise(300_000);
            for (int at : new int[] {100_000, 0, 200_000}) {
                ByteBuffer source = ByteBuffer.wrap(content, at, 100_000);
                file.write(source, at);
                assertEquals(at + 100_000, source.position(), "the position of what was written");
            }
            assertEquals(content.length, file.size());
            assertArrayEquals(content, read(file, 0, content.length));
            assertArrayEquals(Arrays.copyOfRange(content, 4_097, 4_100), read(file, 4_097, 3));
        }
    }

    /** If this fails, look at reading: -1 at and beyond the end, and never more than there is. */
    @Test
    public final void required_T132_readsNothingAtTheEndOfAFile() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            ByteBuffer target = ByteBuffer.allocate(100);
            assertEquals(-1, file.read(target, 0), "an empty file");
            file.write(ByteBuffer.wrap(noise(10)), 0);
            assertEquals(-1, file.read(target, 10), "at the end");
            assertEquals(-1, file.read(target, 1_000_000), "far beyond the end");
            assertEquals(0, target.position());
            int read = file.read(target, 4);
            assertTrue(read > 0 && read <= 6, () -> read + " bytes read where there are 6");
            assertEquals(read, target.position());
        }
    }

    /** If this fails, look at every kind of buffer: heap, direct, sliced, read-only, with positions and limits. */
    @Test
    public final void required_T133_takesEveryKindOfBuffer() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            long at = 0;
            for (Memory memory : Memory.values()) {
                byte[] content = noise(777);
                for (ByteBuffer source :
                        List.of(memory.holding(content), memory.holding(content).asReadOnlyBuffer())) {
                    file.write(source, at);
                    assertEquals(0, source.remaining());
                    ByteBuffer target = memory.room(777);
                    while (target.hasRemaining() && file.read(target, at + 777 - target.remaining()) >= 0) {
                        // until it is full
                    }
                    assertArrayEquals(content, Memory.content(target), memory::name);
                    Memory.assertGuardsIntact(target, memory.name());
                    at += 777;
                }
            }
        }
    }

    /** If this fails, look at writing far behind the end: what lies between reads as zeros. */
    @Test
    public final void required_T134_readsZerosWhereNothingWasWritten() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 0);
            file.write(ByteBuffer.wrap(new byte[] {2}), 100_000);
            byte[] expected = new byte[100_001];
            expected[0] = 1;
            expected[100_000] = 2;
            assertArrayEquals(expected, read(file, 0, expected.length));
        }
    }

    /** If this fails, look at {@code truncate}: it cuts and extends, and new bytes are zeros, also where others were before. */
    @Test
    public final void required_T135_cutsAndExtendsFiles() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            byte[] content = noise(10_000);
            file.write(ByteBuffer.wrap(content), 0);
            file.truncate(4_000);
            assertEquals(4_000, file.size());
            assertEquals(-1, file.read(ByteBuffer.allocate(1), 4_000));
            file.truncate(12_000);
            assertEquals(12_000, file.size());
            assertArrayEquals(Arrays.copyOf(Arrays.copyOf(content, 4_000), 12_000), read(file, 0, 12_000));
            file.truncate(0);
            assertEquals(0, file.size());
        }
    }

    /** If this fails, look at {@code force}: it can be called at any time, and leaves content and size as they are. */
    @Test
    public final void required_T136_forcesWithoutChangingAnything() throws IOException {
        Storage storage = make();
        try (StorageFile file = storage.create(NAME)) {
            file.force();
            byte[] content = noise(5_000);
            file.write(ByteBuffer.wrap(content), 0);
            file.force();
            file.force();
            storage.forceDirectory();
            assertArrayEquals(content, read(file, 0, 5_000));
        }
    }

    /** If this fails, look at closed files: closing again does nothing, and nothing else works. */
    @Test
    public final void required_T137_canBeClosedTwiceAndNotBeUsedThen() throws IOException {
        StorageFile file = make().create(NAME);
        file.close();
        file.close();
        assertThrows(IOException.class, () -> file.write(ByteBuffer.allocate(1), 0));
        assertThrows(IOException.class, () -> file.read(ByteBuffer.allocate(1), 0));
        assertThrows(IOException.class, file::force);
        assertThrows(IOException.class, file::size);
        assertThrows(IOException.class, () -> file.truncate(0));
    }

    /** If this fails, look at handles of the same file: what one writes the other reads, and each is closed by itself. */
    @Test
    public final void required_T138_showsTheSameFileThroughEveryHandle() throws IOException {
        Storage storage = make();
        StorageFile first = storage.create(NAME);
        try (StorageFile second = storage.open(NAME);
                StorageFile reading = storage.openReadOnly(NAME)) {
            assertEquals(NAME, second.name());
            byte[] content = noise(100);
            first.write(ByteBuffer.wrap(content), 50);
            assertArrayEquals(content, read(reading, 50, 100));
            first.close();
            second.write(ByteBuffer.wrap(content), 150);
            assertArrayEquals(content, read(reading, 150, 100));
            assertEquals(250, reading.size());
        }
    }

    /** If this fails, look at files that are open for reading alone: writing and cutting must fail. */
    @Test
    public final void required_T139_refusesToWriteToAFileThatIsOpenForReading() throws IOException {
        Storage storage = make();
        try (StorageFile file = storage.create(NAME)) {
            file.write(ByteBuffer.wrap(noise(10)), 0);
        }
        try (StorageFile reading = storage.openReadOnly(NAME)) {
            assertThrows(Exception.class, () -> reading.write(ByteBuffer.allocate(1), 0));
            assertThrows(Exception.class, () -> reading.truncate(0));
            assertEquals(10, reading.size());
        }
    }

    /** If this fails, look at {@code allocate}: either nothing was changed, or the file is as large and reads as zeros. */
    @Test
    public final void required_T140_reservesSpaceOrChangesNothing() throws IOException {
        try (StorageFile file = make().create(NAME)) {
            byte[] content = noise(5_000);
            file.write(ByteBuffer.wrap(content), 0);
            if (file.allocate(5_000, 70_000)) {
                assertTrue(file.size() >= 70_000);
                assertArrayEquals(Arrays.copyOf(content, 70_000), read(file, 0, 70_000));
            } else {
                assertEquals(5_000, file.size());
                assertArrayEquals(content, read(file, 0, 5_000));
            }
        }
    }

    private Storage makeMappable() throws IOException {
        Storage storage = make();
        if (!storage.mappable()) {
            throw new TestAbortedException("this storage does not map files");
        }
        return storage;
    }

    /** If this fails, look at what a mapped region is: the file itself, little-endian, also when its handle is closed. */
    @Test
    public final void optional_T151_mapsTheBeginningOfAFile() throws IOException {
        Storage storage = makeMappable();
        StorageFile file = storage.create(NAME);
        try (StorageFile reading = storage.openReadOnly(NAME)) {
            file.write(ByteBuffer.allocate(70_000), 0);
            MappedRegion region = file.map(0, 65_536);
            file.close();
            assertEquals(65_536, region.buffer().capacity());
            assertEquals(ByteOrder.LITTLE_ENDIAN, region.buffer().order());
            assertSame(region.buffer(), region.buffer());
            region.buffer().putLong(4_096, 0x0102030405060708L);
            assertArrayEquals(new byte[] {8, 7, 6, 5, 4, 3, 2, 1}, read(reading, 4_096, 8));
            region.force(4_096, 4_104);
            region.force(0, 65_536);
            assertEquals(70_000, reading.size());
            region.close();
            region.close();
            assertArrayEquals(new byte[] {8, 7, 6, 5, 4, 3, 2, 1}, read(reading, 4_096, 8));
        }
    }

    /** If this fails, look at whether each mapped part, and what is written, are the file itself, or copies of it. */
    @Test
    public final void optional_T152_mapsPartsThatOverlap() throws IOException {
        Storage storage = makeMappable();
        byte[] content = noise(200_000);
        try (StorageFile file = storage.create(NAME)) {
            file.write(ByteBuffer.wrap(content), 0);
            try (MappedRegion first = file.map(0, 131_072);
                    MappedRegion second = file.map(65_536, 100_000)) {
                assertEquals(100_000, second.buffer().capacity());
                first.buffer().putLong(70_000, 1);
                assertEquals(1, second.buffer().getLong(70_000 - 65_536));
                second.buffer().putLong(80_000 - 65_536, 2);
                assertEquals(2, first.buffer().getLong(80_000));
                second.buffer().putLong(150_000 - 65_536, 3);
                file.write(ByteBuffer.wrap(new byte[] {4, 0, 0, 0, 0, 0, 0, 0}), 90_000);
                assertEquals(4, first.buffer().getLong(90_000));
                assertEquals(4, second.buffer().getLong(90_000 - 65_536));
                assertArrayEquals(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}, read(file, 80_000, 8));
                assertArrayEquals(new byte[] {3, 0, 0, 0, 0, 0, 0, 0}, read(file, 150_000, 8));
            }
        }
    }

    /** If this fails, look at what an interrupt closes: a thread that is interrupted must not hurt a file, nor lose its flag. */
    @Test
    public final void required_T161_isNotHurtByAnInterrupt() throws IOException {
        Storage storage = make();
        try (StorageFile file = storage.create(NAME)) {
            Thread.currentThread().interrupt();
            file.write(ByteBuffer.wrap(noise(100)), 0);
            file.force();
            assertEquals(100, read(file, 0, 100).length);
            storage.forceDirectory();
            storage.openReadOnly(NAME).close();
            assertTrue(Thread.interrupted(), "the flag was cleared");
            file.write(ByteBuffer.wrap(noise(100)), 100);
            file.force();
            assertEquals(200, file.size());
        } finally {
            Thread.interrupted();
        }
    }

    /** If this fails, look for a cursor that calls share: reading and writing are positional, by many threads at a time. */
    @Test
    public final void stochastic_T162_servesManyThreadsAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try (StorageFile file = make().create(NAME)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                long base = i * 100_000L;
                byte[] content = new byte[1_000];
                random("T162-" + i).nextBytes(content);
                running.add(threads.submit(() -> {
                    for (int round = 0; round < 100; round++) {
                        file.write(ByteBuffer.wrap(content), base + round * 1_000L);
                        assertArrayEquals(content, read(file, base + round * 1_000L, 1_000));
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        random("noise " + size).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(StorageFile file, long from, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && file.read(target, from + target.position()) >= 0) {
            // until it is full, or the file ends
        }
        assertEquals(0, target.remaining(), "bytes that are missing at " + from);
        return target.array();
    }
}
