package io.walnut.engine.log;

import io.walnut.spi.Storage;
import java.io.IOException;

/** Makes sure that changing a file in place changes no hard-linked copy of it. */
public final class OwnFile {
    private OwnFile() {}

    /**
     * Gives a file that has other names a copy of its own, durably, under its name. Handles that are open stay on the file
     * as it was.
     *
     * @param failure stops the log if the directory cannot be forced, as what is written to the copy could vanish with it
     * @return whether the file was replaced
     * @throws io.walnut.spi.StorageFullException if there is no space for the copy; nothing was changed
     */
    public static boolean ensure(Storage storage, String name, Failure failure) throws IOException {
        if (!storage.unshare(name)) {
            return false;
        }
        failure.force(storage::forceDirectory);
        return true;
    }
}
