package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.api.WalGroup;
import io.walnut.engine.storage.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of a log's directory: permissions, and what is required. */
class DirectoryOptionsTest {
    @TempDir
    Path directory;

    private WalConfig.Builder config(String... keysAndValues) {
        WalConfig.Builder builder =
                WalConfig.builder(directory.resolve("new").resolve("log")).fsync("os");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        return builder;
    }

    /** {@return the permissions of what is below, directories or files} */
    private Set<String> modes(boolean directories) throws IOException {
        Set<String> modes = new TreeSet<>();
        try (Stream<Path> all = Files.walk(directory.resolve("new"))) {
            for (Path each : all.toList()) {
                if (Files.isDirectory(each) == directories) {
                    modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
                }
            }
        }
        return modes;
    }

    @ParameterizedTest
    @CsvSource({"rwxrwxr-x, rw-rw-r--", "775, 664", "0775, 0664"})
    void filesAndDirectoriesHaveTheModesThatAreSetWhateverTheUmask(String ofDirectories, String ofFiles)
            throws IOException {
        try (Wal wal = Wal.open(
                config("wal.dir.mode", ofDirectories, "wal.file.mode", ofFiles).build())) {
            wal.append(put("k", "v"));
            wal.checkpoints().save("a", wal.end());
        }
        assertEquals(Set.of("rwxrwxr-x"), modes(true));
        assertEquals(Set.of("rw-rw-r--"), modes(false));
    }

    @Test
    void byDefaultTheyAreForTheirOwnerOnly() throws IOException {
        try (Wal wal = Wal.open(config().build())) {
            wal.append(put("k", "v"));
        }
        assertEquals(Set.of("rwx------"), modes(true));
        assertEquals(Set.of("rw-------"), modes(false));
    }

    @Test
    void aBuilderAndAGroupApplyThemToo() throws IOException {
        try (Wal wal = Engine.builder(directory.resolve("new").resolve("built"))
                .storage(new FileStorage(directory.resolve("new").resolve("built")))
                .set("wal.dir.mode", "750")
                .set("wal.file.mode", "640")
                .open()) {
            wal.append(put("k", "v"));
        }
        try (WalGroup group = WalGroup.open(
                config("wal.dir.mode", "750", "wal.file.mode", "640").build())) {
            group.wal("one").append(put("k", "v"));
        }
        assertEquals(Set.of("rwxr-x---"), modes(true));
        assertEquals(Set.of("rw-r-----"), modes(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rw", "0", "888", "077", "rwxrwxrwxr", "r--r--r--"})
    void aModeThatIsNoneOrTakesWhatTheLogNeedsIsRefused(String mode) {
        WalConfigException refused = assertThrows(
                WalConfigException.class,
                () -> Wal.open(
                        config("wal.dir.mode", mode, "wal.file.mode", mode).build()));
        assertEquals(2, refused.problems().size(), refused::getMessage);
        assertTrue(refused.problems().get(0).startsWith("wal.dir.mode: "), refused::getMessage);
        assertFalse(Files.exists(directory.resolve("new")));
    }

    @Test
    void aDirectoryThatIsRequiredIsNotCreated() throws IOException {
        WalConfig config = config("wal.dir.require", "directory").build();
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config));
        assertTrue(refused.getMessage().contains(directory + "/new/log"), refused::getMessage);
        assertTrue(refused.getMessage().contains("wal.dir.require"), refused::getMessage);
        assertFalse(Files.exists(directory.resolve("new")));
        Files.createDirectories(directory.resolve("new").resolve("log"));
        try (Wal wal = Wal.open(config)) {
            wal.append(put("k", "v"));
        }
    }

    @Test
    void aLogThatIsRequiredIsNotBegun() throws IOException {
        WalConfig config = config("wal.dir.require", "log").build();
        Path log = Files.createDirectories(directory.resolve("new").resolve("log"));
        Files.createDirectory(log.resolve("lost+found"));
        WalException refused = assertThrows(WalException.class, () -> Wal.open(config));
        assertTrue(refused.getMessage().contains("there is no log in it"), refused::getMessage);
        assertEquals(List.of(log.resolve("lost+found")), below(log), "not even a lock file is there");
        Wal.open(config().build()).close();
        try (Wal wal = Wal.open(config)) {
            wal.append(put("k", "v"));
        }
        Files.delete(log.resolve("LOCK")); // as a backup may leave it out
        Wal.open(config).close();
    }

    private static List<Path> below(Path log) throws IOException {
        try (Stream<Path> all = Files.list(log)) {
            return all.toList();
        }
    }

    @Test
    void aGroupRequiresItsRootAndCreatesItsLogs() throws IOException {
        WalConfig config = config("wal.dir.require", "directory").build();
        WalException refused = assertThrows(WalException.class, () -> WalGroup.open(config));
        assertTrue(refused.getMessage().contains("wal.dir.require"), refused::getMessage);
        Files.createDirectories(directory.resolve("new").resolve("log"));
        try (WalGroup group = WalGroup.open(config)) {
            group.wal("one").append(put("k", "v"));
        }
        assertThrows(
                WalConfigException.class,
                () -> WalGroup.open(config("wal.dir.require", "log").build()));
        assertThrows(
                WalConfigException.class,
                () -> WalGroup.open(config("wal.group.log.one.dir.mode", "700").build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\t"})
    void anEmptyDirectoryIsRefused(String empty) {
        WalConfigException refused = assertThrows(
                WalConfigException.class,
                () -> Wal.open(
                        config("wal.archiver", "directory", "wal.archiver.directory.path", empty, "wal.dir", empty)
                                .build()));
        assertEquals(2, refused.problems().size(), refused::getMessage);
        refused.problems().forEach(problem -> assertTrue(problem.contains("is empty"), problem));
    }
}
