package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a long write the packaged engine has the device begin with before it is forced, which only the kernel can tell. */
class WritebackIT {
    private static final int PAGE = 4 << 10;
    private static final int PIECE = 256 << 10;
    private static final int PIECES = 8;

    @TempDir
    Path directory;

    @BeforeEach
    void isToBeSeen() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "the overlay needs JDK 22 or later");
        try (Storage storage = new FileStorage(directory);
                StorageFile file = storage.create("short")) {
            file.write(ByteBuffer.allocate(PIECE), 0);
            assumeTrue(dirtyPages("short") == PIECE / PAGE, "this kernel does not tell which pages are dirty");
        }
    }

    @Test
    void theDeviceBeginsWithALongWriteWhileTheRestIsCopied() throws Exception {
        try (Storage storage = new FileStorage(directory);
                StorageFile file = storage.create("long")) {
            file.write(ByteBuffer.allocate(PIECES * PIECE), 0);
            long dirty = dirtyPages("long");
            assertTrue(dirty <= PIECE / PAGE, () -> dirty + " pages wait for the force");
        }
    }

    @Test
    void nothingIsLostWhereWritesMeetWithinAPage() throws IOException {
        byte[] content = new byte[PIECES * PIECE];
        new Random(1).nextBytes(content);
        int second = 3 * PIECE + 5;
        try (Storage storage = new FileStorage(directory);
                StorageFile file = storage.create("met")) {
            file.write(ByteBuffer.wrap(content, 0, second), 0);
            file.write(ByteBuffer.wrap(content, second, content.length - second), second);
            file.force();
            ByteBuffer read = ByteBuffer.allocate(content.length);
            while (read.hasRemaining() && file.read(read, read.position()) > 0) {}
            assertArrayEquals(content, read.array());
        }
    }

    /** {@return how many pages of a file the kernel has not begun to write} */
    private long dirtyPages(String name) throws Exception {
        Path program = Path.of(getClass().getResource("DirtyPages.java").toURI());
        String printed = Modules.java(
                "--enable-native-access=ALL-UNNAMED",
                program.toString(),
                directory.resolve(name).toString());
        return Long.parseLong(printed.trim());
    }
}
