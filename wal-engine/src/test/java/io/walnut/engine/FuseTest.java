package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that cannot do all that others can: a real one in user space, where fusepy is installed. */
class FuseTest {
    private static final Path SCRIPT = Path.of("src", "test", "fuse", "passthrough.py");
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    @TempDir
    Path directory;

    private Process daemon;
    private Path mount;

    /** Mounts a file system that refuses these. */
    private WalConfig.Builder mount(String... refused) throws Exception {
        Path source = Files.createDirectories(directory.resolve("source"));
        mount = Files.createDirectories(directory.resolve("mount"));
        List<String> command =
                new ArrayList<>(List.of(pythonWithFuse(), SCRIPT.toString(), source.toString(), mount.toString()));
        command.addAll(List.of(refused));
        daemon = Children.start(command);
        while (daemon.isAlive() && !isMounted()) {
            Thread.onSpinWait();
        }
        assumeTrue(
                daemon.isAlive(),
                () -> "nothing can be mounted in user space here: " + new String(read(daemon), StandardCharsets.UTF_8));
        return WalConfig.builder(mount.resolve("log")).fsync("os");
    }

    private boolean isMounted() throws IOException {
        return Files.readString(Path.of("/proc/mounts")).contains(" " + mount + " fuse.passthrough ");
    }

    private static byte[] read(Process process) {
        try {
            return process.getInputStream().readAllBytes();
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static String pythonWithFuse() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no FUSE here");
        for (String python : PYTHONS) {
            String probe = "import importlib.util as u; exit(0 if u.find_spec('fusepy') or u.find_spec('fuse') else 1)";
            try {
                if (Children.start(List.of(python, "-c", probe)).waitFor() == 0) {
                    return python;
                }
            } catch (IOException e) {
                // the next one
            }
        }
        assumeTrue(false, "Python with fusepy is not installed");
        return "";
    }

    @AfterEach
    void unmount() throws Exception {
        if (daemon != null) {
            Children.start(List.of("fusermount", "-u", "-z", mount.toString())).waitFor();
            assertTrue(daemon.waitFor(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void aLogWorksWhereFilesCannotBeMapped() throws Exception {
        WalConfig config = mount("direct").build();
        try (Wal wal = Wal.open(config)) {
            for (int i = 0; i < 10; i++) {
                wal.append(put("k", "" + i));
            }
            assertEquals(10, Logs.entries(wal).size());
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(10, wal.recovery().records());
            wal.append(put("k", "10"));
        }
    }

    @Test
    void mappingIsRefusedAtOnceWhereNothingIsKnownOfWhatIsBehind() throws Exception {
        WalConfig config = mount().io("mapped").build();
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config));
        assertEquals(Reason.CONFIG, refused.reason());
        assertTrue(refused.getMessage().contains("wal.io"), refused::getMessage);
    }

    @Test
    void aDirectoryThatCannotBeForcedIsRefusedWithTheWayOut() throws Exception {
        WalConfig config = mount("noforce").build();
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config));
        assertEquals(Reason.IO, refused.reason());
        assertTrue(refused.getMessage().contains("cannot force the directory " + mount), refused::getMessage);
        assertTrue(refused.getMessage().contains("Invalid argument"), refused::getMessage);
        assertTrue(refused.getMessage().contains("wal.dir.force=best-effort"), refused::getMessage);
    }

    @Test
    void aDirectoryThatCannotBeForcedIsGoneOnWithoutOnDemand() throws Exception {
        WalConfig config = mount("noforce").set("wal.dir.force", "best-effort").build();
        Position end;
        try (Wal wal = Wal.open(config)) {
            wal.append(put("k", "v"));
            wal.checkpoints().save("a", wal.end());
            end = wal.end();
        }
        try (Wal wal = Wal.open(config)) {
            assertEquals(end, wal.end());
            wal.append(put("k", "w"));
            wal.deleteSegmentsBefore(wal.end());
        }
    }

    @Test
    void withoutLocksALogIsRefusedWithTheReason() throws Exception {
        WalConfig config = mount("nolocks").build();
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config));
        assertEquals(Reason.IO, refused.reason());
        String file = mount.resolve("log").resolve("LOCK").toString();
        assertTrue(refused.getMessage().contains("cannot lock " + file), refused::getMessage);
        assertTrue(refused.getMessage().contains("No locks available"), refused::getMessage);
        assertTrue(refused.getMessage().contains("put the log elsewhere"), refused::getMessage);
    }
}
