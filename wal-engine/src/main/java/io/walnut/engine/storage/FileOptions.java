package io.walnut.engine.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Options of a {@link FileStorage}: permissions, and what is done where something is missing.
 *
 * @param directoryMode the permissions of directories that are created
 * @param fileMode the permissions of files that are created
 * @param creates whether the directory is created if it is not there
 * @param mustForce whether a file system that cannot force a directory is refused
 */
public record FileOptions(
        Set<PosixFilePermission> directoryMode, Set<PosixFilePermission> fileMode, boolean creates, boolean mustForce) {
    /** Everything is for the owner only, created if it is not there, and forced. */
    public static final FileOptions DEFAULT = new FileOptions(
            PosixFilePermissions.fromString("rwx------"), PosixFilePermissions.fromString("rw-------"), true, true);

    /** Copies the sets. */
    public FileOptions {
        directoryMode = Set.copyOf(directoryMode);
        fileMode = Set.copyOf(fileMode);
    }

    /** {@return the options of a directory inside, which is created when the first file in it is} */
    FileOptions inside() {
        return new FileOptions(directoryMode, fileMode, true, mustForce);
    }
}
