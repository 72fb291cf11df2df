package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Entry;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * File systems of real kernels: one whose power is cut, one whose device fails, one that is read-only. They are mounted
 * from images, for which one has to be root: {@code -Dwalnut.kernel=true}.
 */
@EnabledIfSystemProperty(
        named = "walnut.kernel",
        matches = "true",
        disabledReason = "mounts file systems: run it as root with -Dwalnut.kernel=true")
class KernelPowerCutTest {
    /** FS_IOC_SHUTDOWN without flushing the journal: what was not forced is gone. */
    private static final String SHUTDOWN = "import fcntl,os,struct,sys;"
            + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";

    @TempDir
    Path directory;

    private Path image = Path.of("");
    private Path mount = Path.of("");

    @BeforeEach
    void mountsWorkHere() throws Exception {
        image = directory.resolve("image");
        mount = Files.createDirectories(directory.resolve("mount"));
        assumeTrue(tries("sh", "-c", "test $(id -u) = 0"), "only root can mount an image");
        assumeTrue(tries("mkfs.ext4", "-V") && tries("python3", "-V"), "mkfs.ext4 and python3 are needed");
        run("truncate", "-s", "64M", image.toString());
        run("mkfs.ext4", "-q", image.toString());
        assumeTrue(tries("mount", "-o", "loop", image.toString(), mount.toString()), "no loop device can be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        tries("umount", "-l", mount.toString());
        tries("umount", "-l", directory.resolve("thin").toString());
    }

    private static boolean tries(String... command) throws InterruptedException {
        try {
            Process process = Children.start(List.of(command));
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private static void run(String... command) throws Exception {
        Process process = Children.start(List.of(command));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
    }

    private void remount(String... how) throws Exception {
        run("umount", mount.toString());
        run("mount", "-o", "loop" + String.join("", how), image.toString(), mount.toString());
    }

    /** {@return how many appends a child had acknowledged when it ended or was killed} */
    private long child(String fsync, String io, long before, Children.Meanwhile meanwhile) throws Exception {
        Process child = Children.start(
                Children.command(KillTest.Appending.class, mount + "/log", fsync, io, Long.toString(before)));
        Children.Said said = Children.hear(child, before, meanwhile);
        assertTrue(child.waitFor() != 0, () -> "it did not end by itself: " + said.other());
        return said.acknowledged();
    }

    private WalConfig config() {
        return WalConfig.builder(mount.resolve("log")).build();
    }

    private long check() {
        try (Wal wal = Wal.open(config())) {
            List<Entry> entries = Logs.entries(wal);
            for (int i = 0; i < entries.size(); i++) {
                assertEquals(i + 1L, entries.get(i).sequence());
                assertArrayEquals(
                        KillTest.Appending.value(i + 1L),
                        entries.get(i).record().valueBytes());
            }
            return entries.size();
        }
    }

    @ParameterizedTest
    @CsvSource({"always,mapped", "always,channel", "batch,mapped", "batch,channel", "os,mapped", "os,channel"})
    void whatWasDurableSurvivesAPowerCut(String fsync, String io) throws Exception {
        long seed = Long.getLong("walnut.seed", new Random().nextLong());
        System.out.println("KernelPowerCutTest " + fsync + " " + io + " -Dwalnut.seed=" + seed);
        Random random = new Random(seed);
        long before = 0;
        for (int life = 0; life < 5; life++) {
            long cutAfter = before + 50 + random.nextInt(1500);
            long[] atTheCut = {Long.MAX_VALUE};
            long acknowledged = child(fsync, io, before, (process, count) -> {
                if (count >= cutAfter && atTheCut[0] == Long.MAX_VALUE) {
                    atTheCut[0] = count;
                    run("python3", "-c", SHUTDOWN, mount.toString());
                    process.toHandle().destroyForcibly();
                }
            });
            remount();
            long there = check();
            long promised = fsync.equals("always") ? acknowledged : before;
            assertTrue(
                    there >= promised, there + " there, " + acknowledged + " acknowledged, " + promised + " durable");
            System.out.println("life " + life + ": " + acknowledged + " acknowledged, " + there + " there");
            before = there;
        }
    }

    @ParameterizedTest
    @CsvSource({"mapped", "channel"})
    void aDeviceThatRunsOutOfSpaceUnderTheFileSystemLosesNothingAcknowledged(String io) throws Exception {
        Path thin = Files.createDirectories(directory.resolve("thin"));
        run("umount", mount.toString());
        run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", thin.toString());
        image = thin.resolve("image");
        run("truncate", "-s", "64M", image.toString());
        run("mkfs.ext4", "-q", image.toString());
        run("mount", "-o", "loop", image.toString(), mount.toString());
        long acknowledged = child("always", io, 0, (process, count) -> {});
        assertTrue(acknowledged > 100, "something fits: " + acknowledged);
        tries("umount", mount.toString());
        run("mount", "-o", "remount,size=80m", thin.toString());
        run("mount", "-o", "loop", image.toString(), mount.toString());
        long there = check();
        System.out.println("thin image, " + io + ": " + acknowledged + " acknowledged, " + there + " there");
        assertTrue(there >= acknowledged && there <= acknowledged + 2, there + " there, acknowledged " + acknowledged);
    }

    @Test
    void aReadOnlyFileSystemRefusesToOpenAndCanBeRead() throws Exception {
        try (Wal wal = Wal.open(config())) {
            wal.append(new byte[0], KillTest.Appending.value(1));
        }
        remount(",ro");
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config()));
        assertTrue(refused.getMessage().contains("Read-only file system"), refused::getMessage);
        try (Wal wal = Wal.openReadOnly(config())) {
            assertEquals(1, Logs.entries(wal).size());
        }
        remount();
        assertEquals(1, check());
    }
}
