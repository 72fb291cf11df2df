package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Counters of the block device that holds a directory. They count the writes of the whole system. */
final class Device {
    private static final Path STATS = Path.of("/proc/diskstats");
    private static final int SECTOR_BYTES = 512; // whatever the sectors of the device
    private static final int SECTORS_WRITTEN = 9;

    private Device() {}

    /** {@return the bytes that the device has been given to write so far; negative where the system does not tell} */
    static long writtenBytes(Path directory) {
        try {
            return writtenBytes(Files.readAllLines(STATS), (long) Files.getAttribute(directory, "unix:dev"));
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    /**
     * Looks a device up.
     *
     * @param stats lines of {@code /proc/diskstats}
     * @param device its number, as Linux encodes it in {@code st_dev}
     */
    static long writtenBytes(List<String> stats, long device) {
        String major = Long.toString(device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L);
        String minor = Long.toString(device & 0xff | device >>> 12 & 0xffffff00L);
        for (String line : stats) {
            String[] fields = line.strip().split(" +", -1);
            if (fields.length > SECTORS_WRITTEN && fields[0].equals(major) && fields[1].equals(minor)) {
                return Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR_BYTES;
            }
        }
        return -1;
    }
}
