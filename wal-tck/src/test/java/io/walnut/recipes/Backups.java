package io.walnut.recipes;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Keeps the newest backups of a log, each in a directory that is named by its number. For one thread at a time. */
final class Backups {
    private final Path root;
    private final int kept;

    /** Keeps so many backups in a directory of their own. */
    Backups(Path root, int kept) throws IOException {
        this.root = Files.createDirectories(root);
        this.kept = kept;
    }

    /** Copies a log, which may be in use, and deletes the backups that are too old; returns where the copy is. */
    Path take(Wal log) throws IOException {
        List<Path> before = all();
        Path backup = root.resolve(String.format("%08d", before.isEmpty() ? 1 : number(before) + 1));
        log.backup(backup);
        for (Path old : before.subList(0, Math.max(0, before.size() + 1 - kept))) {
            delete(old);
        }
        return backup;
    }

    private static int number(List<Path> backups) {
        return Integer.parseInt(backups.get(backups.size() - 1).getFileName().toString());
    }

    /** {@return the backups that are complete, oldest first} What has a hidden name is not, or not any more. */
    List<Path> all() throws IOException {
        try (Stream<Path> directories = Files.list(root)) {
            return directories
                    .filter(each -> each.getFileName().toString().matches("[0-9]{8}"))
                    .sorted()
                    .toList();
        }
    }

    /** Puts the newest backup in the place of a log that is lost, and leaves the backup itself as it is. */
    void restore(Path directory) throws IOException {
        List<Path> all = all();
        try (Wal newest =
                Wal.openReadOnly(WalConfig.builder(all.get(all.size() - 1)).build())) {
            newest.backup(directory);
        }
    }

    /** Hides it first: half of a backup is none. */
    private static void delete(Path backup) throws IOException {
        Path hidden = Files.move(backup, backup.resolveSibling("." + backup.getFileName() + ".deleted"));
        try (Stream<Path> files = Files.list(hidden)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(hidden);
    }
}
