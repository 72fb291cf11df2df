package io.walnut.engine.group;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes logs from the root of a group. A file beside the log says that it is to go; once that is durable, it goes, and
 * the file last of all: so a removal that was cut short is finished by whoever finds the file.
 */
final class Removal {
    private static final String LOCK = "LOCK";
    private static final String SUFFIX = ".dropped";

    private final Storage root;

    Removal(Storage root) {
        this.root = root;
    }

    /** {@return the names of the logs whose removal was begun} */
    List<String> begun() throws IOException {
        List<String> names = new ArrayList<>();
        for (String file : root.list()) {
            if (file.endsWith(SUFFIX)) {
                names.add(file.substring(0, file.length() - SUFFIX.length()));
            }
        }
        return names;
    }

    /** Removes a log, which must not be open. */
    void remove(String name) throws IOException {
        try {
            root.create(name + SUFFIX).close();
        } catch (FileAlreadyExistsException e) {
            // begun before, and perhaps not durably
        }
        root.forceDirectory();
        finish(name);
    }

    /** Finishes a removal that has durably begun. */
    void finish(String name) throws IOException {
        if (root.directories().contains(name)) {
            Storage log = root.directory(name);
            StorageLock lock = log.lock(LOCK);
            try {
                empty(log);
            } finally {
                lock.close();
            }
            log.delete(LOCK);
            root.deleteDirectory(name);
        }
        root.delete(name + SUFFIX);
        root.forceDirectory(); // before the name is used again: this removal must not come back
    }

    private static void empty(Storage directory) throws IOException {
        for (String inner : directory.directories()) {
            empty(directory.directory(inner));
            directory.deleteDirectory(inner);
        }
        for (String file : directory.list()) {
            if (!file.equals(LOCK)) {
                directory.delete(file);
            }
        }
        directory.forceDirectory();
    }
}
