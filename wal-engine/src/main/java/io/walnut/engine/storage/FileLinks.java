package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The names that a file has. */
final class FileLinks {
    private FileLinks() {}

    private static final boolean KNOWN =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** {@return whether a file has other names too, as after {@code cp -al}; false where that cannot be known} */
    static boolean isShared(Path file) throws IOException {
        if (!KNOWN || !file.getFileSystem().equals(FileSystems.getDefault())) {
            return false;
        }
        try {
            return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
