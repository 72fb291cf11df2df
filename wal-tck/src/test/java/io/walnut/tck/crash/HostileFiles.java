package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Small logs, and what it is to open files that somebody made to look like one. */
final class HostileFiles {
    private static final long MOST_BYTES = 32 << 20;
    private static final int MOST_RECORDS = 100_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private HostileFiles() {}

    /** The files of a log after a workload. */
    static Map<String, byte[]> of(String configuration, Workload workload) {
        CrashSubject subject = EngineConfigurations.named(configuration);
        DiskProfile profile = subject.maps() ? DiskProfile.STRICT.mapping() : DiskProfile.STRICT;
        SimulatedDisk disk = new SimulatedDisk(profile);
        new Life(subject, disk, new Ledger(), 1, true).run(workload);
        Map<String, byte[]> files = new TreeMap<>(disk.files());
        files.replaceAll((name, content) -> trimmed(content));
        return files;
    }

    /** Without the greater part of the zeros at the end, which nobody needs to try one after the other. */
    private static byte[] trimmed(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(content, Math.min(content.length, (end + 64) / 8 * 8));
    }

    /**
     * Opens files, reads everything, appends and closes. Any of it may be refused, by a {@link WalException} alone; and
     * all of it takes no more memory than a log of that size needs, whatever its lengths claim.
     */
    static void use(CrashSubject subject, Map<String, byte[]> files) {
        SimulatedDisk disk = SimulatedDisk.holding(DiskProfile.STRICT, files);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (Wal wal = subject.open(disk)) {
            try (WalReader reader = wal.read(Position.START)) {
                int records = 0;
                while (reader.next()) {
                    reader.key();
                    reader.value();
                    reader.expiresAt();
                    assertTrue(++records < MOST_RECORDS, "reading does not end");
                }
            } catch (WalException e) {
                // refused
            }
            wal.append(new byte[] {1}, new byte[] {2});
        } catch (WalException e) {
            // refused
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < MOST_BYTES, () -> allocated + " bytes were allocated");
    }
}
