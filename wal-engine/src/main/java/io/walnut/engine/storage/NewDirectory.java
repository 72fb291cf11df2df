package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A directory that appears whole or not at all: it is filled under a name of its own beside the one it gets, which begins
 * with a dot, and renamed when everything in it is durable. Replaces nothing. For one thread at a time.
 */
public final class NewDirectory implements AutoCloseable {
    private final Path target;
    private final Path unfinished;
    private final FileStorage storage;
    private final FileStorage around;
    private boolean published;

    /**
     * A directory that is not there yet.
     *
     * @param target its path; directories above it are created where they are missing
     * @param options of what is created
     * @throws FileAlreadyExistsException if something has that path
     */
    public NewDirectory(Path target, FileOptions options) throws IOException {
        this.target = target.toAbsolutePath();
        Path above = this.target.getParent();
        Path name = this.target.getFileName();
        if (above == null || name == null) {
            throw new FileAlreadyExistsException(target.toString());
        }
        unfinished = above.resolve("." + name + "." + UUID.randomUUID() + ".unfinished");
        storage = new FileStorage(unfinished).with(options.inside());
        around = new FileStorage(above).with(options.inside());
        checkFree();
    }

    private void checkFree() throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    /** {@return the storage for what is to be in it} */
    public FileStorage storage() {
        return storage;
    }

    /**
     * Gives the directory its name, durably. What is in it was forced before.
     *
     * @throws FileAlreadyExistsException if something has that path meanwhile
     */
    public void publish() throws IOException {
        checkFree();
        Files.move(unfinished, target);
        try {
            around.forceDirectory();
        } catch (IOException e) {
            Files.move(target, unfinished);
            throw e;
        }
        published = true;
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
        if (published || !Files.isDirectory(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(unfinished)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(unfinished);
    }
}
