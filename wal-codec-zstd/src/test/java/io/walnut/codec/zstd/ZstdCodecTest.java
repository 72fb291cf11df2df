package io.walnut.codec.zstd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to Zstandard; the kit holds what every codec must do. */
class ZstdCodecTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TEXT = numbersAsText();
    private static final int SINGLE_SEGMENT_WITH_8_BYTE_SIZE = 0xE0;
    private static final int WINDOW_WITHOUT_SIZE = 0x00;
    private static final byte WINDOW_OF_2_GIB = (byte) 0xA8;
    private static final byte WINDOW_BEYOND_SUPPORT = (byte) 0xFF;

    private final ZstdCodec codec = new ZstdCodec(3);

    @ParameterizedTest
    @ValueSource(ints = {-131_072, -7, 0, 1, 3, 19, 22})
    void shouldReadWhatAnyLevelWrote(int level) throws IOException {
        assertArrayEquals(TEXT, decompress(compress(new ZstdCodec(level), TEXT), TEXT.length));
    }

    @Test
    void shouldReadForEverWhatWasWrittenOnce() throws IOException {
        String once = "28b52ffd20e0d500005861206c6f672c20206f66730500ae9f14400638ef8260882b46";
        byte[] read = decompress(HexFormat.of().parseHex(once), 224);
        assertEquals("a log, a log, a log of logs ".repeat(8), new String(read, StandardCharsets.UTF_8));
    }

    @Test
    void shouldCompressMoreAtAHighLevel() {
        int fast = compress(new ZstdCodec(-7), TEXT).length;
        int high = compress(new ZstdCodec(19), TEXT).length;
        assertTrue(high < fast, high + " bytes at level 19, " + fast + " at level -7");
    }

    @Test
    void shouldWriteAFrameThatTheLibraryReadsByItself() {
        assertArrayEquals(TEXT, Zstd.decompress(compress(codec, TEXT), TEXT.length));
    }

    @Test
    void shouldReadALargeValueAndASmallOneInTurn() throws IOException {
        byte[] large = new String(TEXT, StandardCharsets.UTF_8).repeat(400).getBytes(StandardCharsets.UTF_8);
        for (byte[] value : new byte[][] {TEXT, large, TEXT, large, TEXT}) {
            assertArrayEquals(value, decompress(compress(codec, value), value.length));
        }
    }

    @Test
    void shouldRefuseAFrameThatClaimsMoreThanIsDeclared() {
        byte[] claims = frame(
                SINGLE_SEGMENT_WITH_8_BYTE_SIZE,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(1L << 40)
                        .array());
        assertThrows(IOException.class, () -> decompress(claims, HELLO.length));
    }

    @Test
    void shouldNotReserveTheWindowThatAFrameAsksFor() throws IOException {
        byte[] asks = frame(WINDOW_WITHOUT_SIZE, new byte[] {WINDOW_OF_2_GIB});
        assertArrayEquals(HELLO, decompress(asks, HELLO.length));
    }

    @Test
    void shouldRefuseAWindowBeyondSupport() {
        byte[] asks = frame(WINDOW_WITHOUT_SIZE, new byte[] {WINDOW_BEYOND_SUPPORT});
        assertThrows(IOException.class, () -> decompress(asks, HELLO.length));
    }

    @Test
    void shouldRefuseMoreThanOneFrame() {
        byte[] hello = compress(codec, HELLO);
        byte[] nothing = compress(codec, new byte[0]);
        byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 7};

        for (byte[] two : new byte[][] {
            concat(hello, nothing), concat(nothing, hello), concat(hello, skippable), concat(skippable, hello)
        }) {
            assertThrows(IOException.class, () -> decompress(two, HELLO.length));
        }
        assertThrows(IOException.class, () -> decompress(concat(hello, hello), 2 * HELLO.length));
    }

    @Test
    void shouldRefuseFormatsBeforeVersionOne() {
        for (int version = 0x22; version <= 0x27; version++) {
            byte[] legacy = compress(codec, HELLO);
            legacy[0] = (byte) version;
            assertThrows(IOException.class, () -> decompress(legacy, HELLO.length));
        }
    }

    @Test
    void shouldNotTakeNothingForAnEmptyValue() {
        assertThrows(IOException.class, () -> decompress(new byte[0], 0));
    }

    @Test
    void shouldRefuseALevelThatZstdDoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> new ZstdCodec(23));
        assertThrows(IllegalArgumentException.class, () -> new ZstdCodec(-131_073));
    }

    @Test
    void shouldRefuseToSizeWhatCannotBeCompressed() {
        assertThrows(IllegalArgumentException.class, () -> codec.maxCompressedBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> codec.maxCompressedBytes(Integer.MAX_VALUE));
    }

    /** Hello in one raw block, behind a header of choice. */
    private static byte[] frame(int descriptor, byte[] header) {
        int lastRawBlock = HELLO.length << 3 | 1;
        return ByteBuffer.allocate(4 + 1 + header.length + 3 + HELLO.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xFD2FB528)
                .put((byte) descriptor)
                .put(header)
                .putShort((short) lastRawBlock)
                .put((byte) 0)
                .put(HELLO)
                .array();
    }

    private static byte[] compress(ZstdCodec codec, byte[] plain) {
        ByteBuffer target = ByteBuffer.allocate(codec.maxCompressedBytes(plain.length));
        codec.compress(ByteBuffer.wrap(plain), target);
        byte[] compressed = new byte[target.position()];
        target.flip().get(compressed);
        return compressed;
    }

    private byte[] decompress(byte[] compressed, int size) throws IOException {
        byte[] plain = new byte[size];
        codec.decompress(ByteBuffer.wrap(compressed), ByteBuffer.wrap(plain));
        return plain;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static byte[] numbersAsText() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(i * i % 89).append(i % 7 == 0 ? " and " : ", ");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
