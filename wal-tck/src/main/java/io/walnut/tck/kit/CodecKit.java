package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Codec} and its {@link CodecProvider} must do: extend it, name the provider, run it with JUnit.
 *
 * <p>The codec is made anew for each rule, with the defaults of its configuration.
 */
@Tag("codec")
public abstract class CodecKit extends PartKit<CodecProvider, Codec> {
    private static final Map<String, Integer> RESERVED_IDS = Map.of("lz4", 1, "zstd", 2);
    private static final int BOMB_BYTES = 16 << 20;
    private static final int GARBAGE_ROUNDS = 2_000;
    private static final int THREADS = 8;
    private static final int ROUNDS_PER_THREAD = 50;

    private final Samples samples = new Samples();
    private Codec codec;

    /** For subclasses. */
    protected CodecKit() {}

    @Override
    final Class<CodecProvider> service() {
        return CodecProvider.class;
    }

    @Override
    final String kind() {
        return "codec";
    }

    @BeforeEach
    final void makeTheCodec() {
        codec = make();
    }

    /** If this fails, look at the provider's {@code name()} and at {@code @Named} on its class: one name, {@code [a-z0-9-]{1,63}}. */
    @Test
    public final void required_C101_hasOneNameWithWhichItIsAnnotatedToo() {
        checkName();
    }

    /** If this fails, look at {@code id()} of provider and codec: 1 is lz4's, 2 zstd's, 128 to 255 are for others. */
    @Test
    public final void required_C102_hasOneIdentityWhichIsNotReserved() {
        int id = provider().id();
        int reserved = RESERVED_IDS.getOrDefault(provider().name(), id);
        assertTrue(id == reserved, () -> "the id of " + provider().name() + " is " + reserved + ", not " + id);
        assertTrue(
                RESERVED_IDS.containsKey(provider().name()) || (id >= 128 && id <= 255),
                () -> "the id " + id + " is not one of 128 to 255");
        assertEquals(id, codec.id(), "the codec's id is not its provider's");
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    public final void required_C103_isFoundAsAService() {
        checkService();
    }

    /** If this fails, look at the defaults in the provider's {@code config()}: a codec must do without configuration. */
    @Test
    public final void required_C104_hasDefaultsThatCanBeWrittenDown() {
        checkDefaults();
    }

    /** If this fails, look at array offsets, at positions that are not 0, and at the path for direct buffers. */
    @Test
    public final void required_C111_givesBackEveryValueFromEveryKindOfMemory() throws IOException {
        for (Map.Entry<String, byte[]> sample : samples.all().entrySet()) {
            byte[] value = sample.getValue();
            for (Memory writing : Memory.values()) {
                byte[] compressed = compress(codec, value, writing);
                for (Memory reading : Memory.values()) {
                    assertArrayEquals(
                            value,
                            decompress(codec, compressed, value.length, reading),
                            () -> sample.getKey() + ", " + writing + " to " + reading + ", " + samples);
                }
            }
        }
    }

    /** If this fails, look at how the codec leaves its arguments: positions behind what was done, limits untouched. */
    @Test
    public final void required_C112_movesThePositionsOfItsBuffersAndNotTheirLimits() throws IOException {
        for (Memory memory : Memory.values()) {
            byte[] value = samples.text(2000);
            ByteBuffer plain = memory.holding(value);
            ByteBuffer compressed = memory.room(codec.maxCompressedBytes(value.length));
            codec.compress(plain, compressed);
            assertEquals(Memory.end(plain), plain.position(), () -> "position of the value, " + memory);
            assertEquals(Memory.end(plain), plain.limit(), () -> "limit of the value, " + memory);
            assertEquals(Memory.end(compressed), compressed.limit(), () -> "limit of the target, " + memory);

            ByteBuffer stored = memory.holding(Memory.written(compressed));
            ByteBuffer target = memory.room(value.length);
            codec.decompress(stored, target);
            assertEquals(Memory.end(stored), stored.position(), () -> "position of the compressed form, " + memory);
            assertEquals(Memory.end(stored), stored.limit(), () -> "limit of the compressed form, " + memory);
            assertEquals(Memory.end(target), target.position(), () -> "position of the plain target, " + memory);
            assertEquals(Memory.end(target), target.limit(), () -> "limit of the plain target, " + memory);
        }
    }

    /** If this fails, look at {@code maxCompressedBytes}: it bounds what random bytes become, which is more than they were. */
    @Test
    public final void required_C113_compressesWithinTheRoomItAskedFor() {
        for (int size = 0; size <= 1 << 16; size = 2 * size + 1) {
            byte[] value = samples.incompressible(size);
            for (Memory memory : Memory.values()) {
                ByteBuffer target = compressed(codec, value, memory);
                Memory.assertGuardsIntact(target, size + " random bytes, " + memory + ", " + samples);
            }
        }
    }

    /** If this fails, look for a codec that works in place: the value and the stored form belong to the engine. */
    @Test
    public final void required_C114_leavesItsInputAsItWas() throws IOException {
        for (Memory memory : Memory.values()) {
            byte[] value = samples.text(2000);
            ByteBuffer plain = memory.holding(value);
            ByteBuffer compressed = memory.room(codec.maxCompressedBytes(value.length));
            codec.compress(plain, compressed);
            assertArrayEquals(value, Memory.content(plain), () -> "the value was changed, " + memory);

            byte[] form = Memory.written(compressed);
            ByteBuffer stored = memory.holding(form);
            codec.decompress(stored, memory.room(value.length));
            assertArrayEquals(form, Memory.content(stored), () -> "the compressed form was changed, " + memory);
        }
    }

    /** If this fails, look for state in the codec that is not in what it writes: dictionaries, streams, history. */
    @Test
    public final void required_C115_readsWhatAnotherCodecOfItsKindWrote() throws IOException {
        Codec other = make();
        for (Map.Entry<String, byte[]> sample : samples.all().entrySet()) {
            byte[] compressed = compress(other, sample.getValue(), Memory.HEAP);
            assertArrayEquals(
                    sample.getValue(),
                    decompress(codec, compressed, sample.getValue().length, Memory.HEAP),
                    () -> sample.getKey() + ", " + samples);
        }
    }

    /** If this fails, look for reads beyond the limit: what is missing may well stand there, and is not to be believed. */
    @Test
    public final void required_C121_refusesEveryTruncation() {
        for (Map.Entry<String, byte[]> sample : samples.small().entrySet()) {
            byte[] compressed = compress(codec, sample.getValue(), Memory.HEAP);
            for (Memory memory : Memory.values()) {
                for (int length = 0; length < compressed.length; length++) {
                    ByteBuffer truncated = memory.holding(compressed).limit(Memory.start() + length);
                    assertRefused(
                            truncated,
                            memory.room(sample.getValue().length),
                            sample.getKey() + " cut to " + length + " of " + compressed.length + " bytes, " + memory);
                }
            }
        }
    }

    /** If this fails, look at whether all of the input was used: it is the compressed form to its last byte. */
    @Test
    public final void required_C122_refusesBytesBehindTheEnd() {
        for (Map.Entry<String, byte[]> sample : samples.small().entrySet()) {
            byte[] compressed = compress(codec, sample.getValue(), Memory.HEAP);
            byte[] oneMore = Arrays.copyOf(compressed, compressed.length + 1);
            byte[] twice = Arrays.copyOf(compressed, 2 * compressed.length);
            System.arraycopy(compressed, 0, twice, compressed.length, compressed.length);
            for (Memory memory : Memory.values()) {
                int size = sample.getValue().length;
                assertRefused(memory.holding(oneMore), memory.room(size), sample.getKey() + " and a zero, " + memory);
                if (compressed.length > 0) {
                    assertRefused(memory.holding(twice), memory.room(size), sample.getKey() + " twice, " + memory);
                }
            }
        }
    }

    /** If this fails, look at who bounds decompression: the declared size does, not the end of the input. */
    @Test
    public final void required_C123_refusesADeclaredSizeThatIsTooSmall() {
        for (Map.Entry<String, byte[]> sample : samples.small().entrySet()) {
            byte[] compressed = compress(codec, sample.getValue(), Memory.HEAP);
            int size = sample.getValue().length;
            for (int declared = Math.max(0, size - 40); declared < size; declared++) {
                for (Memory memory : Memory.values()) {
                    assertRefused(
                            memory.holding(compressed),
                            memory.room(declared),
                            sample.getKey() + " declared as " + declared + " bytes, " + memory);
                }
            }
        }
    }

    /** If this fails, look at what follows decompression: a value that is shorter than declared is no value. */
    @Test
    public final void required_C124_refusesADeclaredSizeThatIsTooLarge() {
        for (Map.Entry<String, byte[]> sample : samples.small().entrySet()) {
            byte[] compressed = compress(codec, sample.getValue(), Memory.HEAP);
            for (int more : new int[] {1, 7, 64, 10_000}) {
                for (Memory memory : Memory.values()) {
                    assertRefused(
                            memory.holding(compressed),
                            memory.room(sample.getValue().length + more),
                            sample.getKey() + " declared as " + more + " bytes more, " + memory);
                }
            }
        }
    }

    /**
     * If this fails, look for a buffer inside the codec that grows with the output: the target is all there is. Only what
     * is allocated on the heap is measured, by a JVM that can: native memory is not seen.
     */
    @Test
    public final void required_C125_refusesADecompressionBomb() {
        byte[] bomb = compress(codec, new byte[BOMB_BYTES], Memory.HEAP);
        for (Memory memory : Memory.values()) {
            String what = "16 MiB of zeros declared as 100 bytes, " + memory;
            ByteBuffer stored = memory.holding(bomb);
            ByteBuffer target = memory.room(100);
            long before = AllocatedBytes.ofThisThread();
            assertRefused(stored, target, what);
            long allocated = AllocatedBytes.ofThisThread() - before;
            assertTrue(
                    allocated < BOMB_BYTES / 2, () -> what + ", made the codec allocate " + allocated + " bytes first");
        }
    }

    /** If this fails, look at what malformed input makes the codec throw: nothing but {@link IOException} will do. */
    @Test
    public final void required_C126_survivesGarbage() {
        Random random = samples.random("garbage");
        for (int round = 0; round < GARBAGE_ROUNDS; round++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            Memory memory = Memory.inTurn(round);
            assertRefusedOrFilled(garbage, random.nextInt(1000), memory, "round " + round);
        }
    }

    /** If this fails, look at what malformed input makes the codec throw: nothing but {@link IOException} will do. */
    @Test
    public final void required_C127_survivesFlippedBits() {
        Random random = samples.random("flipped bits");
        byte[] compressed = compress(codec, samples.text(2000), Memory.HEAP);
        for (int round = 0; round < GARBAGE_ROUNDS; round++) {
            byte[] damaged = compressed.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Memory memory = Memory.inTurn(round);
            assertRefusedOrFilled(damaged, 2000, memory, "round " + round);
        }
    }

    /** If this fails, look at contexts that are used again after they failed. */
    @Test
    public final void required_C128_worksAfterItRefusedSomething() throws IOException {
        byte[] value = samples.text(2000);
        for (Memory memory : Memory.values()) {
            byte[] compressed = compress(codec, value, memory);
            for (int length : new int[] {0, 1, compressed.length / 2, compressed.length - 1}) {
                assertRefused(
                        memory.holding(Arrays.copyOf(compressed, length)), memory.room(value.length), "cut, " + memory);
                assertArrayEquals(value, decompress(codec, compressed, value.length, memory), memory::name);
            }
        }
    }

    /** If this fails, look for contexts and buffers that threads share, or that belong to the thread that made them. */
    @Test
    public final void required_C131_servesManyThreadsAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = samples.random("thread " + i);
                Memory memory = Memory.inTurn(i);
                running.add(threads.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    for (int round = 0; round < ROUNDS_PER_THREAD; round++) {
                        byte[] value = samples.text(1 + random.nextInt(20_000));
                        value[random.nextInt(value.length)] ^= 1;
                        byte[] compressed = compress(codec, value, memory);
                        assertArrayEquals(
                                value, decompress(codec, compressed, value.length, memory), samples::toString);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] compress(Codec codec, byte[] value, Memory memory) {
        return Memory.written(compressed(codec, value, memory));
    }

    private static ByteBuffer compressed(Codec codec, byte[] value, Memory memory) {
        int room = codec.maxCompressedBytes(value.length);
        ByteBuffer target = memory.room(room);
        try {
            codec.compress(memory.holding(value), target);
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "compressing " + value.length + " bytes, " + memory + ", into the " + room
                            + " bytes that maxCompressedBytes asks for failed: " + e,
                    e);
        }
        return target;
    }

    private static byte[] decompress(Codec codec, byte[] compressed, int size, Memory memory) throws IOException {
        ByteBuffer target = memory.room(size);
        codec.decompress(memory.holding(compressed), target);
        Memory.assertGuardsIntact(target, "a value of " + size + " bytes, " + memory);
        return Memory.content(target);
    }

    private void assertRefused(ByteBuffer compressed, ByteBuffer target, String what) {
        assertThrows(IOException.class, () -> codec.decompress(compressed, target), () -> what + ", " + samples);
        Memory.assertGuardsIntact(target, what);
    }

    /** Without a checksum in it, damaged input can be the compressed form of some other value. */
    private void assertRefusedOrFilled(byte[] compressed, int size, Memory memory, String what) {
        String context = what + ", " + memory + ", " + samples;
        ByteBuffer target = memory.room(size);
        assertDoesNotThrow(
                () -> {
                    try {
                        codec.decompress(memory.holding(compressed), target);
                        assertEquals(Memory.end(target), target.position(), "the target is not filled, " + context);
                    } catch (IOException refused) {
                        assertNotNull(refused.getMessage(), "a refusal without a message, " + context);
                    }
                },
                context);
        Memory.assertGuardsIntact(target, context);
    }
}
