package io.walnut.tck.disk;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Tells contents apart. */
final class Fingerprint {
    private Fingerprint() {}

    static long of(byte[] bytes, int length) {
        CRC32C one = new CRC32C();
        CRC32 other = new CRC32();
        one.update(bytes, 0, length);
        other.update(bytes, 0, length);
        return one.getValue() << 32 ^ other.getValue() ^ (long) length << 20;
    }
}
