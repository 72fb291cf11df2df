package io.walnut.codec.lz4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A process of its own that tells which implementation of LZ4 it runs on, having used it. */
final class Lz4Probe {
    private Lz4Probe() {}

    public static void main(String[] args) throws IOException {
        Lz4Codec codec = new Lz4Codec(0);
        byte[] plain = new byte[1000];
        Arrays.fill(plain, (byte) 'a');
        ByteBuffer compressed = ByteBuffer.allocate(codec.maxCompressedBytes(plain.length));
        codec.compress(ByteBuffer.wrap(plain), compressed);
        byte[] back = new byte[plain.length];
        codec.decompress(compressed.flip(), ByteBuffer.wrap(back));
        System.out.println((codec.isNative() ? "native" : "pure Java")
                + (Arrays.equals(plain, back) ? " round trip" : " mismatch"));
    }
}
