package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files of zeros that were really written and forced: the space that limits store into. */
final class RawSpace {
    static final int FILL_BYTES = 64 << 10;

    private RawSpace() {}

    /** Creates a file of zeros and forces it. */
    static FileChannel filled(Path file, long bytes) throws IOException {
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
            long at = 0;
            while (at < bytes) {
                at += channel.write(zeros.clear().limit((int) Math.min(FILL_BYTES, bytes - at)), at);
            }
            channel.force(true);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Creates a file of zeros, forces it and maps it. No page of the mapping has been touched. */
    static MappedByteBuffer mapped(Path file, long bytes) throws IOException {
        try (FileChannel channel = filled(file, bytes)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        }
    }
}
