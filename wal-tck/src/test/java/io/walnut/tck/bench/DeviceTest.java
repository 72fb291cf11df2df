package io.walnut.tck.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {
    private static final List<String> STATS = List.of(
            "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
            " 254       0 vda 17050 5207 1067490 9135 335240 25296 15274880 79442 0 57708 131401",
            " 254       1 vda1 1 2 3 4 5 6 7 8 9 10 11",
            " 259  300000 nvme0n1p1 1 2 3 4 5 6 70 8 9 10 11");

    @Test
    void shouldReadTheSectorsWrittenOfTheDeviceWithTheNumber() {
        assertEquals(15274880L * 512, Device.writtenBytes(STATS, 254 << 8));
        assertEquals(7 * 512, Device.writtenBytes(STATS, 254 << 8 | 1));
        assertEquals(70 * 512, Device.writtenBytes(STATS, 259 << 8 | 300000 & 0xff | (300000 & ~0xffL) << 12));
        assertEquals(-1, Device.writtenBytes(STATS, 0x1c));
    }

    @Test
    void shouldCountWhatIsForced(@TempDir Path temp) throws Exception {
        long before = Device.writtenBytes(temp);
        Assumptions.assumeTrue(before >= 0, "the system does not count what the device of this directory writes");
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);

        Files.write(temp.resolve("file"), bytes);
        Directories.force(temp);

        assertTrue(Device.writtenBytes(temp) - before >= bytes.length);
    }

    @Test
    void shouldTellNothingOfADirectoryThatIsNotThere(@TempDir Path temp) {
        assertEquals(-1, Device.writtenBytes(temp.resolve("none")));
    }
}
