package io.walnut.tck.crash.toy;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A frame: length, check, then a body of type, batch end, key length, key and value. The check covers the place, the
 * sequence and the check before, so that a stale frame never fits.
 */
final class ToyFrame {
    static final int HEAD = 8;
    static final int BODY = 4;
    static final byte PUT = 1;
    static final byte DELETE = 2;
    static final byte CLOSED = 3;

    private ToyFrame() {}

    static ByteBuffer of(byte type, boolean last, byte[] key, byte[] value) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + BODY + key.length + value.length);
        frame.putInt(0, frame.capacity());
        frame.position(HEAD);
        frame.put(type).put((byte) (last ? 1 : 0)).putShort((short) key.length);
        frame.put(key).put(value);
        return frame.flip();
    }

    static int check(Flaw flaw, long segment, long offset, long sequence, int previous, ByteBuffer frame) {
        CRC32C crc = new CRC32C();
        if (flaw != Flaw.APPENDS_IN_PLACE_WITHOUT_LINKS) {
            ByteBuffer place = ByteBuffer.allocate(28);
            place.putLong(segment).putLong(offset).putLong(sequence).putInt(previous);
            crc.update(place.flip());
        } else {
            crc.update(ByteBuffer.allocate(8).putLong(sequence).flip());
        }
        crc.update(frame.duplicate().limit(4).position(0));
        if (flaw != Flaw.CHECKS_NO_BODIES) {
            crc.update(frame.duplicate().position(HEAD));
        }
        return (int) crc.getValue() | 1;
    }
}
