package io.walnut.codec.lz4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to LZ4; the kit holds what every codec must do. */
class Lz4CodecTest {
    private static final byte[] TEXT = numbersAsText();

    private final Lz4Codec live = new Lz4Codec(0);
    private final Lz4Codec pureJava = new Lz4Codec(LZ4Factory.safeInstance(), 0);

    @Test
    void shouldTellPureJavaFromTheNativeLibrary() {
        assertTrue(new Lz4Codec(LZ4Factory.nativeInstance(), 0).isNative());
        assertFalse(pureJava.isNative());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 17})
    void shouldBeReadByEitherImplementationAtAnyLevel(int level) throws IOException {
        for (LZ4Factory writer : new LZ4Factory[] {LZ4Factory.nativeInstance(), LZ4Factory.safeInstance()}) {
            ByteBuffer compressed = compress(new Lz4Codec(writer, level), TEXT);

            assertArrayEquals(TEXT, decompress(live, compressed.duplicate(), TEXT.length));
            assertArrayEquals(TEXT, decompress(pureJava, compressed.duplicate(), TEXT.length));
        }
    }

    @Test
    void shouldReadForEverWhatWasWrittenOnce() throws IOException {
        String once = "7861206c6f672c20070030206f661500197315000323000f1c0099506c6f677320";
        for (Lz4Codec codec : new Lz4Codec[] {live, pureJava}) {
            byte[] read = decompress(codec, ByteBuffer.wrap(HexFormat.of().parseHex(once)), 224);
            assertEquals("a log, a log, a log of logs ".repeat(8), new String(read, StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldCompressMoreAtAHighLevel() {
        int fast = compress(live, TEXT).remaining();
        int high = compress(new Lz4Codec(17), TEXT).remaining();
        assertTrue(high < fast, high + " bytes at level 17, " + fast + " at level 0");
    }

    @Test
    void shouldRefuseEveryTruncationInPureJavaEvenWhenTheRestStandsBehindTheLimit() {
        ByteBuffer compressed = compress(pureJava, TEXT);
        for (int length = 0; length < compressed.remaining(); length++) {
            ByteBuffer truncated = compressed.slice(0, length);
            assertThrows(IOException.class, () -> decompress(pureJava, truncated, TEXT.length), "at " + length);
        }
    }

    @Test
    void shouldTakeOnlyAnEmptyBlockForAnEmptyValue() throws IOException {
        for (Lz4Codec codec : new Lz4Codec[] {live, pureJava}) {
            assertEquals(0, decompress(codec, compress(codec, new byte[0]), 0).length);
            for (byte[] other : new byte[][] {{}, {1}, {0, 0}}) {
                assertThrows(IOException.class, () -> decompress(codec, ByteBuffer.wrap(other), 0));
            }
        }
    }

    @Test
    void shouldRefuseALevelThatLz4DoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> new Lz4Codec(-1));
        assertThrows(IllegalArgumentException.class, () -> new Lz4Codec(18));
    }

    private static byte[] numbersAsText() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(i * i % 89).append(i % 7 == 0 ? " and " : ", ");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer compress(Lz4Codec codec, byte[] plain) {
        ByteBuffer target = ByteBuffer.allocate(codec.maxCompressedBytes(plain.length));
        codec.compress(ByteBuffer.wrap(plain), target);
        return target.flip();
    }

    private static byte[] decompress(Lz4Codec codec, ByteBuffer compressed, int size) throws IOException {
        byte[] plain = new byte[size];
        codec.decompress(compressed, ByteBuffer.wrap(plain));
        return plain;
    }
}
