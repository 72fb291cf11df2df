package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** C: positional reads of whole files into a direct buffer, and a CRC32C over what was read. */
final class ReadLimit {
    static final String NAME = "C: positional reads of 256 KiB + CRC32C of the same files";
    static final String TOGETHER = "no log: as many of what is C elsewhere, at once";
    static final String ALONE = "one of them";
    private static final int BUFFER_BYTES = 256 << 10;

    private ReadLimit() {}

    static Sample read(List<Path> files, int times) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        CRC32C crc = new CRC32C();
        long bytes = 0;
        Stopwatch watch = Stopwatch.start();
        for (int i = 0; i < times; i++) {
            for (Path file : files) {
                bytes += read(file, buffer, crc);
            }
        }
        return watch.stop(1, bytes).withNote("crc " + Long.toHexString(crc.getValue()));
    }

    private static long read(Path file, ByteBuffer buffer, CRC32C crc) throws IOException {
        long at = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            int got = channel.read(buffer.clear(), at);
            while (got > 0) {
                crc.update(buffer.flip());
                at += got;
                got = channel.read(buffer.clear(), at);
            }
        }
        return at;
    }
}
