package io.walnut.engine.group;

import io.walnut.engine.log.LogFiles;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Removes logs from the root of a group. A file beside the log says that it is to go; once that is durable, it goes, and
 * the file last of all: so a removal that was cut short is finished by whoever finds the file. Only what a log creates is
 * removed; a directory in which something else is stays, with that in it, and is no log any more.
 */
final class Removal {
    private static final System.Logger LOG = System.getLogger("io.walnut.engine");
    private static final String SUFFIX = ".dropped";

    private final Storage root;

    Removal(Storage root) {
        this.root = root;
    }

    /** {@return the names of the logs whose removal was begun} */
    List<String> begun() throws IOException {
        List<String> names = new ArrayList<>();
        for (String file : root.list()) {
            String name = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : "";
            if (LogName.isValid(name) && isMark(file)) {
                names.add(name);
            }
        }
        return names;
    }

    /** A file of that name with something in it is somebody else's. */
    private boolean isMark(String file) throws IOException {
        try (StorageFile mark = root.openReadOnly(file)) {
            return mark.size() == 0;
        }
    }

    /** Removes a log, which must not be open. */
    void remove(String name) throws IOException {
        root.directory(name); // throws where there is a link, of which nothing is removed
        String mark = name + SUFFIX;
        try {
            root.create(mark).close();
        } catch (FileAlreadyExistsException e) {
            if (!isMark(mark)) {
                throw new IOException(mark + " is no mark of a removal, as it is not empty: move it away", e);
            } // else begun before, and perhaps not durably
        }
        root.forceDirectory();
        finish(name);
    }

    /** Finishes a removal that has durably begun. */
    void finish(String name) throws IOException {
        Storage log = root.directory(name);
        if (root.directories().contains(name)) {
            StorageLock lock = log.lock(LogFiles.LOCK);
            try {
                if (log.directories().contains(LogFiles.QUARANTINE)) {
                    empty(log.directory(LogFiles.QUARANTINE), LogFiles::isQuarantined);
                    deleteIfEmpty(log, LogFiles.QUARANTINE);
                }
                empty(log, LogFiles::isOurs);
            } finally {
                lock.close();
            }
            log.delete(LogFiles.LOCK);
            deleteIfEmpty(root, name);
        }
        root.delete(name + SUFFIX);
        root.forceDirectory(); // before the name is used again: this removal must not come back
    }

    private static void empty(Storage directory, Predicate<String> isOurs) throws IOException {
        for (String file : directory.list()) {
            if (isOurs.test(file)) {
                directory.delete(file);
            }
        }
        directory.forceDirectory();
    }

    /** A directory with files of others in it stays. */
    private static void deleteIfEmpty(Storage parent, String name) throws IOException {
        try {
            parent.deleteDirectory(name);
        } catch (DirectoryNotEmptyException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "wal.group.left log=" + name + " at=" + parent.location() + ": files that are not the log's stay");
        }
    }

    /** {@return whether there is a log of this name} */
    boolean isThere(String name) throws IOException {
        Storage log = root.directory(name);
        return log.list().stream().anyMatch(file -> LogFiles.isOurs(file) || file.equals(LogFiles.LOCK));
    }
}
