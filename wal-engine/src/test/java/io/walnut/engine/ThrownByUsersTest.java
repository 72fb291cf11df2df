package io.walnut.engine;

import static io.walnut.engine.Logs.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.RecordTooLargeException;
import io.walnut.api.Wal;
import io.walnut.api.WalClosedException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalReader;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a codec or the stream of a value throws, the caller learns the outcome and the cause. */
class ThrownByUsersTest {
    private static final byte[] VALUE = new byte[1000];

    /** Does something instead of its work when it is told to; else halves values of zeros. */
    private static class ZerosCodec implements Codec {
        volatile Runnable insteadOfCompressing = () -> {};
        volatile Runnable insteadOfDecompressing = () -> {};

        @Override
        public int id() {
            return 140;
        }

        @Override
        public int maxCompressedBytes(int plainBytes) {
            return plainBytes;
        }

        @Override
        public void compress(ByteBuffer plain, ByteBuffer target) {
            insteadOfCompressing.run();
            target.put(new byte[plain.remaining() / 2]);
        }

        @Override
        public void decompress(ByteBuffer compressed, ByteBuffer target) throws IOException {
            insteadOfDecompressing.run();
            target.put(new byte[target.remaining()]);
        }
    }

    private final ZerosCodec codec = new ZerosCodec();

    private Wal open() {
        return Engine.builder(Path.of("nowhere"))
                .storage(new MemoryStorage("users"))
                .codec("zeros", codec)
                .set("wal.segment.bytes", "64KiB")
                .open();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                        new IllegalStateException("broken"),
                        new NoSuchMethodError("of another version"),
                        new NoClassDefFoundError("of a library"),
                        new UnsatisfiedLinkError("of a native library"),
                        new OutOfMemoryError("injected"),
                        new StackOverflowError(),
                        new AssertionError("of the user's"),
                        new Error("another"),
                        new Exception("a checked one, as Kotlin throws it"))
                .map(Arguments::of);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    private static void check(WalException e, Reason reason, Outcome outcome, Throwable cause) {
        assertEquals(reason, e.reason());
        assertEquals(outcome, e.outcome());
        assertSame(cause, e.getCause());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anAppendWhoseCodecFailsIsRejected(Throwable failure) {
        try (Wal wal = open()) {
            codec.insteadOfCompressing = () -> ThrownByUsersTest.<RuntimeException>sneak(failure);
            check(
                    assertThrows(WalException.class, () -> wal.append(bytes("k"), VALUE)),
                    Reason.CODEC,
                    Outcome.REJECTED,
                    failure);
            codec.insteadOfCompressing = () -> {};
            wal.append(bytes("k"), VALUE);
            assertEquals(1, Logs.entries(wal).size());
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aReaderWhoseCodecFailsStaysWhereItIs(Throwable failure) {
        try (Wal wal = open()) {
            wal.append(bytes("k"), VALUE);
            try (WalReader reader = wal.read(wal.start())) {
                codec.insteadOfDecompressing = () -> ThrownByUsersTest.<RuntimeException>sneak(failure);
                WalException e = assertThrows(WalException.class, reader::next);
                boolean mayBeDamage = failure instanceof RuntimeException;
                check(e, mayBeDamage ? Reason.CORRUPT : Reason.CODEC, Outcome.NONE, failure);
                codec.insteadOfDecompressing = () -> {};
                assertTrue(reader.next());
                assertEquals(ByteBuffer.wrap(VALUE), reader.value());
            }
        }
    }

    @Test
    void whatALogThrowsInACodecPassesAsItIs() {
        try (Wal wal = open()) {
            WalException own = new RecordTooLargeException("of another log");
            codec.insteadOfCompressing = () -> {
                throw own;
            };
            assertSame(own, assertThrows(WalException.class, () -> wal.append(bytes("k"), VALUE)));
        }
    }

    @Test
    void aCodecMayAppendToTheSameLog() {
        try (Wal wal = open()) {
            codec.insteadOfCompressing = () -> wal.append(bytes("inner"), new byte[0]);
            wal.append(bytes("outer"), VALUE);
            assertEquals(List.of("inner", "outer"), Logs.keys(wal));
        }
    }

    private static InputStream stream(Runnable insteadOfReading) {
        return new InputStream() {
            @Override
            public int read() {
                insteadOfReading.run();
                return 0;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anAppendWhoseStreamFailsIsRejected(Throwable failure) {
        try (Wal wal = open()) {
            for (int length : new int[] {10, 1 << 20}) {
                WalException e = assertThrows(
                        WalException.class,
                        () -> wal.append(
                                bytes("k"), stream(() -> ThrownByUsersTest.<RuntimeException>sneak(failure)), length));
                check(e, Reason.IO, Outcome.REJECTED, failure);
            }
            assertEquals(List.of(), Logs.keys(wal));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1 << 20})
    void aStreamMayAppendToTheSameLogAndCloseIt(int length) {
        Wal wal = open();
        boolean[] appended = new boolean[1];
        wal.append(
                bytes("outer"),
                stream(() -> {
                    if (!appended[0]) {
                        appended[0] = true;
                        wal.append(bytes("inner"), VALUE);
                    }
                }),
                length);
        assertEquals(List.of("inner", "outer"), Logs.keys(wal));
        assertThrows(WalClosedException.class, () -> wal.append(bytes("k"), stream(wal::close), length));
    }
}
