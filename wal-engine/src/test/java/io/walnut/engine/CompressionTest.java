package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Codec;
import io.walnut.spi.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private final MemoryStorage disk = new MemoryStorage("memory");
    private final AtomicInteger compressions = new AtomicInteger();

    private class Deflate implements Codec {
        @Override
        public int id() {
            return 130;
        }

        @Override
        public int maxCompressedBytes(int plainBytes) {
            return plainBytes + plainBytes / 100 + 64;
        }

        @Override
        public void compress(ByteBuffer plain, ByteBuffer target) {
            compressions.incrementAndGet();
            Deflater deflater = new Deflater();
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                deflater.deflate(target);
            }
            deflater.end();
        }

        @Override
        public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(compressed);
                while (target.hasRemaining() && inflater.inflate(target) > 0) {}
                if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
                    throw new IOException("it is longer");
                }
            } catch (DataFormatException e) {
                throw new IOException(e);
            } finally {
                inflater.end();
            }
        }
    }

    private Wal open(Codec codec, String... more) {
        EngineBuilder builder = Engine.builder(Path.of("unused")).storage(disk).codec("deflate", codec);
        for (int i = 0; i < more.length; i += 2) {
            builder.set(more[i], more[i + 1]);
        }
        return builder.open();
    }

    @Test
    void valuesAreCompressedOnceAndStoredRawWhereItDoesNotHelp() {
        byte[] zeros = new byte[50_000];
        byte[] noise = Logs.random(50_000, 7);
        try (Wal wal = open(new Deflate())) {
            wal.append(new byte[3], zeros);
            assertEquals(1, compressions.get(), "one encode per append");
            assertTrue(wal.segments().get(0).bytes() < 5000);
            wal.append(new byte[3], noise);
            assertTrue(wal.segments().get(0).bytes() < 5000 + 50_100);
            wal.append(new byte[3], new byte[0]);
            wal.append(WalRecord.delete(new byte[3]));
            wal.append(WalRecord.put(ByteBuffer.allocate(3), ByteBuffer.allocateDirect(50_000)));
            wal.append(WalRecord.put(new byte[3], zeros).withCodec("none"));
            assertEquals(3, compressions.get());
        }
        try (Wal wal = open(new Deflate());
                WalReader reader = wal.read(Position.START)) {
            assertTrue(reader.next());
            assertArrayEquals(zeros, reader.record().valueBytes());
            assertTrue(reader.next());
            assertArrayEquals(noise, reader.record().valueBytes());
            assertTrue(reader.next() && reader.value().remaining() == 0);
            assertTrue(reader.next() && reader.value().remaining() == 0);
            assertTrue(reader.next() && reader.value().equals(ByteBuffer.wrap(zeros)));
            assertTrue(reader.next() && reader.value().equals(ByteBuffer.wrap(zeros)));
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class, StackOverflowError.class})
    void aCodecThatThrowsRejectsTheAppendBeforeAnythingIsWritten(Class<? extends Throwable> how) {
        Codec broken = new Deflate() {
            @Override
            public void compress(ByteBuffer plain, ByteBuffer target) {
                if (how == IllegalStateException.class) {
                    throw new IllegalStateException("broken");
                }
                throw how == OutOfMemoryError.class ? new OutOfMemoryError("injected") : new StackOverflowError();
            }
        };
        try (Wal wal = open(broken)) {
            WalException e = assertThrows(WalException.class, () -> wal.append(new byte[1], new byte[10]));
            assertEquals(Reason.CODEC, e.reason());
            assertEquals(Outcome.REJECTED, e.outcome());
            wal.append(new byte[1], new byte[0]);
            assertEquals(1, Logs.entries(wal).size());
        }
    }

    @Test
    void whatDoesNotDecompressIsCorruptAndLocated() {
        try (Wal wal = open(new Deflate())) {
            wal.append(new byte[1], new byte[1000]);
        }
        Codec wrong = new Deflate() {
            @Override
            public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
                throw new IOException("no");
            }
        };
        try (Wal wal = open(wrong);
                WalReader reader = wal.read(Position.START)) {
            WalCorruptException e = assertThrows(WalCorruptException.class, reader::next);
            assertEquals(wal.start(), e.position().orElseThrow());
            assertTrue(e.getMessage().contains("sequence 1"), e.getMessage());
        }
    }

    @Test
    void anErrorOfACodecEndsASubscriptionAndLeavesNoReader() {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("no native library");
        Codec unlinked = new Deflate() {
            @Override
            public void decompress(ByteBuffer compressed, ByteBuffer target) {
                throw error;
            }
        };
        RecordingMeter meter = new RecordingMeter();
        try (Wal wal = Engine.builder(Path.of("unused"))
                .storage(disk)
                .codec("deflate", unlinked)
                .meter(meter)
                .open()) {
            wal.append(new byte[1], new byte[1000]);
            Subscriber subscriber = Subscriber.ofAll();
            wal.publisher(Position.START, ReadOptions.DEFAULT, Runnable::run).subscribe(subscriber);
            assertSame(error, subscriber.end.getNow(null).getCause());
            assertEquals(0, meter.value(Metrics.READERS_OPEN));
        }
    }

    @Test
    void theDeclaredSizeIsBoundedBeforeAnythingIsAllocated() {
        try (Wal wal = open(new Deflate())) {
            wal.append(new byte[1], new byte[1_000_000]);
        }
        try (Wal wal = open(new Deflate(), "wal.record.max.value.bytes", "999999");
                WalReader reader = wal.read(Position.START)) {
            WalException e = assertThrows(WalException.class, reader::next);
            assertEquals(Reason.RECORD_TOO_LARGE, e.reason());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 3, 127, 256, 0x100_0001})
    void aCodecWhoseIdIsReservedOrDoesNotFitIntoAFrameIsRefused(int id) {
        Codec odd = new Deflate() {
            @Override
            public int id() {
                return id;
            }
        };
        Exception e = assertThrows(IllegalArgumentException.class, () -> open(odd));
        assertTrue(e.getMessage().contains("'deflate' has the id " + id), e.getMessage());
    }

    @Test
    void lz4AndZstdHaveTheIdsThatAreReservedForThem() {
        List<Codecs.Available> own =
                List.of(new Codecs.Available("lz4", 1, Deflate::new), new Codecs.Available("zstd", 2, Deflate::new));
        assertEquals("zstd", Codecs.of(Codecs.NONE, own).nameOf(2));
        List<Codecs.Available> other = List.of(new Codecs.Available("lz4", 130, Deflate::new));
        Exception e = assertThrows(IllegalArgumentException.class, () -> Codecs.of(Codecs.NONE, other));
        assertTrue(e.getMessage().contains("'lz4' has the id 130"), e.getMessage());
    }

    @Test
    void twoCodecsWithTheSameIdAreRefused() {
        EngineBuilder builder = Engine.builder(Path.of("unused"))
                .storage(disk)
                .codec("one", new Deflate())
                .alsoCodec("other", new Deflate());
        Exception e = assertThrows(IllegalArgumentException.class, builder::open);
        assertTrue(e.getMessage().contains("'one' and 'other'"), e.getMessage());
    }

    @Test
    void aCodecWithAnotherIdThanItsProviderSaysIsRefused() {
        List<Codecs.Available> available = List.of(new Codecs.Available("odd", 131, Deflate::new));
        assertThrows(WalConfigException.class, () -> Codecs.of("odd", available));
        Codecs others = Codecs.of(Codecs.NONE, available);
        assertThrows(WalConfigException.class, () -> others.byName("odd"));
        assertThrows(WalConfigException.class, () -> others.byId(131));
    }
}
