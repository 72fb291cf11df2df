package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.Preallocator;
import io.walnut.spi.PreallocatorProvider;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every {@link Preallocator} and its provider must do: extend it, name the provider, run it with JUnit. */
@Tag("preallocator")
public abstract class PreallocatorKit extends PartKit<PreallocatorProvider, Preallocator> {
    private static final int[] STEPS = {0, 4096, 4097, 70_000, 70_001, 131_072, 500_000};

    private Preallocator preallocator;

    /** For subclasses. */
    protected PreallocatorKit() {}

    /**
     * Where the files are whose space is reserved; a simulated disk, unless a preallocator is about another storage.
     *
     * @param directory an empty directory
     * @return the storage
     */
    protected Storage storage(Path directory) {
        return new SimulatedDisk(DiskProfile.STRICT);
    }

    @Override
    final Class<PreallocatorProvider> service() {
        return PreallocatorProvider.class;
    }

    @Override
    final String kind() {
        return "preallocator";
    }

    @BeforeEach
    final void makeThePreallocator() {
        preallocator = make();
    }

    /** If this fails, look at the provider's {@code name()} and at {@code @Named} on its class: one name, {@code [a-z0-9-]{1,63}}. */
    @Test
    public final void required_P101_hasOneNameWithWhichItIsAnnotatedToo() {
        checkName();
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    public final void required_P102_isFoundAsAService() {
        checkService();
    }

    /** If this fails, look at the defaults in the provider's {@code config()}. */
    @Test
    public final void required_P103_hasDefaultsThatCanBeWrittenDown() {
        checkDefaults();
    }

    /** If this fails, look at what reserved space reads as: zeros, or the end of the file where nothing was written. */
    @Test
    public final void required_P111_leavesSpaceThatReadsAsZeros() throws IOException {
        try (Storage storage = storage(context().directory());
                WatchedFile file = new WatchedFile(storage.create("segment"))) {
            for (int i = 1; i < STEPS.length; i++) {
                preallocator.reserve(file, STEPS[i - 1], STEPS[i]);
                ByteBuffer read = read(file, 0, STEPS[i]);
                for (int at = 0; at < read.limit(); at++) {
                    assertEquals(0, read.get(at), "the byte at " + at);
                }
                if (preallocator.fills()) {
                    assertTrue(file.size() >= STEPS[i], "a file of " + file.size() + " bytes has no " + STEPS[i]);
                }
            }
        }
    }

    /** If this fails, look at where reserving begins: what is below belongs to others, to the last byte. */
    @Test
    public final void required_P112_leavesWhatIsBelowAsItWas() throws IOException {
        try (Storage storage = storage(context().directory());
                WatchedFile file = new WatchedFile(storage.create("segment"))) {
            byte[] content = new byte[0];
            for (int i = 1; i < STEPS.length; i++) {
                preallocator.reserve(file, content.length, STEPS[i]);
                content = new byte[STEPS[i]];
                Kit.random("content " + i).nextBytes(content);
                file.write(ByteBuffer.wrap(content), 0);
            }
            preallocator.reserve(file, content.length, content.length + 100_003L);
            assertArrayEquals(
                    content, Arrays.copyOf(read(file, 0, content.length).array(), content.length));
        }
    }

    /** If this fails, look at {@code fills()}: it promises that every byte of the space has really been written. */
    @Test
    public final void required_P113_hasWrittenAllSpaceIfItSaysSo() throws IOException {
        try (Storage storage = storage(context().directory());
                WatchedFile file = new WatchedFile(storage.create("segment"))) {
            for (int i = 1; i < STEPS.length; i++) {
                preallocator.reserve(file, STEPS[i - 1], STEPS[i]);
            }
            if (preallocator.fills()) {
                assertEquals(STEPS[STEPS.length - 1], file.written().cardinality(), "how many bytes were written");
            }
        }
    }

    /** If this fails, look at what is done about a failure: it is passed on, and no success is reported. */
    @Test
    public final void required_P114_passesOnThatThereIsNoSpace() throws IOException {
        try (Storage storage = storage(context().directory())) {
            for (int good = 0; good < 4; good++) {
                try (WatchedFile file = new WatchedFile(storage.create("segment-" + good))) {
                    file.failAfter(good);
                    try {
                        preallocator.reserve(file, 0, 1 << 20);
                        assertFalse(file.failed(), "a call on the file failed, and reserving tells nothing of it");
                    } catch (IOException told) {
                        assertTrue(file.failed(), () -> "failed by itself with " + told);
                    }
                }
            }
        }
    }

    /** If this fails, look at a range in which there is nothing. */
    @Test
    public final void required_P115_reservesNothingForAnEmptyRange() throws IOException {
        try (Storage storage = storage(context().directory());
                WatchedFile file = new WatchedFile(storage.create("segment"))) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            preallocator.reserve(file, 3, 3);
            assertEquals(3, file.size());
        }
    }

    /** If this fails, look at what it does with the file beside reserving: closing it is not its business. */
    @Test
    public final void required_P116_leavesTheFileOpen() throws IOException {
        try (Storage storage = storage(context().directory());
                WatchedFile file = new WatchedFile(storage.create("segment"))) {
            preallocator.reserve(file, 0, 10_000);
            assertFalse(file.closed(), "the file was closed");
            file.write(ByteBuffer.wrap(new byte[] {1}), 9_999);
            file.force();
        }
    }

    /** If this fails, look for state that reservations share: a buffer with a position, the last file. */
    @Test
    public final void required_P121_servesManyThreadsAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Storage storage = storage(context().directory())) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "segment-" + i;
                running.add(threads.submit(() -> {
                    try (WatchedFile file = new WatchedFile(storage.create(name))) {
                        for (int from = 0; from < 300_000; from += 30_000) {
                            preallocator.reserve(file, from, from + 30_000);
                        }
                        return preallocator.fills() ? file.written().cardinality() : 300_000L;
                    }
                }));
            }
            for (Future<Long> each : running) {
                assertEquals(300_000L, each.get(1, TimeUnit.MINUTES));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** If this fails, look at {@code fills()}: what a preallocator says of itself does not change. */
    @Test
    public final void required_P122_saysTheSameOfItselfAlways() {
        assertEquals(preallocator.fills(), make().fills());
    }

    private static ByteBuffer read(StorageFile file, long from, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && file.read(target, from + target.position()) >= 0) {
            // until it is full, or the file ends
        }
        return target.flip();
    }
}
