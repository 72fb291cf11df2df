package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The kinds of buffers that the engine hands to a codec. Each buffer stands between two guards, and so has bytes before
 * its position and beyond its limit that must not change.
 */
enum Memory {
    HEAP(false, 0),
    HEAP_WITH_OFFSET(false, 13),
    DIRECT(true, 0),
    DIRECT_SLICE(true, 13);

    private static final List<Memory> ALL = List.of(values());
    private static final int GUARD = 64;
    private static final byte CANARY = 0x5A;

    private final boolean direct;
    private final int offset;

    Memory(boolean direct, int offset) {
        this.direct = direct;
        this.offset = offset;
    }

    /** One after the other, as rounds are counted. */
    static Memory inTurn(int round) {
        return ALL.get(round % ALL.size());
    }

    /** A buffer whose remaining bytes are these. */
    ByteBuffer holding(byte[] content) {
        ByteBuffer buffer = room(content.length);
        buffer.duplicate().put(content);
        return buffer;
    }

    /** A buffer with so many bytes remaining. */
    ByteBuffer room(int size) {
        byte[] canaries = new byte[offset + GUARD + size + GUARD];
        Arrays.fill(canaries, CANARY);
        ByteBuffer whole = direct ? ByteBuffer.allocateDirect(canaries.length) : ByteBuffer.allocate(canaries.length);
        whole.put(canaries).position(offset);
        return whole.slice().position(GUARD).limit(GUARD + size);
    }

    /** The bytes of a buffer from where its content began up to its position. */
    static byte[] written(ByteBuffer buffer) {
        return bytes(buffer, GUARD, buffer.position());
    }

    /** All that a buffer was made to hold, whatever its position is now. */
    static byte[] content(ByteBuffer buffer) {
        return bytes(buffer, GUARD, buffer.capacity() - GUARD);
    }

    static int start() {
        return GUARD;
    }

    static int end(ByteBuffer buffer) {
        return buffer.capacity() - GUARD;
    }

    static void assertGuardsIntact(ByteBuffer buffer, String context) {
        for (int i = 0; i < GUARD; i++) {
            assertEquals(
                    CANARY, buffer.duplicate().clear().get(i), context + ": a byte before the position was written");
            int behind = end(buffer) + i;
            assertEquals(
                    CANARY,
                    buffer.duplicate().clear().get(behind),
                    context + ": byte " + i + " beyond the limit was written");
        }
    }

    private static byte[] bytes(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.duplicate().clear().get(from, bytes);
        return bytes;
    }
}
