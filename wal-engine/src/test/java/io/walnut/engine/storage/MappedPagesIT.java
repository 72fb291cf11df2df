package io.walnut.engine.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged engine does to the page tables, which only the kernel can tell. */
class MappedPagesIT {
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final int BYTES = 8 << 20;
    private static final int LARGEST_FOLIO = 2 << 20;

    @TempDir
    Path directory;

    @BeforeEach
    void isToBeSeen() {
        assumeTrue(Runtime.version().feature() >= 22, "the overlay needs JDK 22 or later");
        assumeTrue(Files.exists(MAPPINGS), "this system does not tell which pages are mapped");
    }

    @Test
    void evictedPagesAreNotMappedAndNothingIsLost() throws IOException {
        try (Storage storage = new FileStorage(directory);
                StorageFile file = storage.create("pages")) {
            file.write(ByteBuffer.allocate(BYTES), 0);
            try (MappedRegion region = file.map(0, BYTES)) {
                region.buffer().put(0, content());
                assertTrue(mappedBytes() >= BYTES, "what is stored into is mapped");
                assertTrue(region.evict(0, BYTES / 2));
                long left = mappedBytes();
                assertTrue(left <= BYTES / 2 + LARGEST_FOLIO, () -> left + " bytes are still mapped");
                assertArrayEquals(content(), read(file));
            }
        }
    }

    @Test
    void populatedPagesAreMappedAndNothingIsLost() throws IOException {
        assumeTrue(isLinuxFrom(5, 14), "the kernel cannot populate a mapping for stores before Linux 5.14");
        try (Storage storage = new FileStorage(directory);
                StorageFile file = storage.create("pages")) {
            file.write(ByteBuffer.wrap(content()), 0);
            try (MappedRegion region = file.map(0, BYTES)) {
                assertEquals(0, mappedBytes());
                assertTrue(region.populate(BYTES / 2, BYTES));
                long there = mappedBytes();
                assertTrue(there >= BYTES / 2, () -> there + " bytes are mapped");
                assertTrue(there <= BYTES / 2 + LARGEST_FOLIO, () -> there + " bytes are mapped");
                assertArrayEquals(content(), read(file));
            }
        }
    }

    private static boolean isLinuxFrom(int major, int minor) {
        String[] version = System.getProperty("os.version").split("[^0-9]+");
        int given = Integer.parseInt(version[0]);
        return given > major || given == major && Integer.parseInt(version[1]) >= minor;
    }

    private static byte[] content() {
        byte[] content = new byte[BYTES];
        new Random(1).nextBytes(content);
        return content;
    }

    private static byte[] read(StorageFile file) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(BYTES);
        while (read.hasRemaining() && file.read(read, read.position()) > 0) {}
        return read.array();
    }

    /** {@return how much of the file is in the page tables} */
    private static long mappedBytes() throws IOException {
        List<String> lines = Files.readAllLines(MAPPINGS);
        long kilobytes = 0;
        boolean ours = false;
        for (String line : lines) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith("/pages");
            } else if (ours && line.startsWith("Rss:")) {
                kilobytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return kilobytes << 10;
    }
}
