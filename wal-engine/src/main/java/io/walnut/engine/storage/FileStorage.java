package io.walnut.engine.storage;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A directory of the default file system. The directory is created, for its owner only, when the lock or the first file
 * is. Links are neither listed nor followed.
 */
public final class FileStorage implements Storage {
    private static final Set<String> COPY_ON_WRITE = Set.of("btrfs", "zfs", "bcachefs", "nfs", "nfs4", "cifs", "fuse");

    private static final int CHUNK = 256 << 10;

    /** What the name of a file ends with while it is copied, see {@link #unshare}. */
    private static final String COPY = ".copy";

    private final Path directory;

    /** The name of the directory is durable, as far as it is this class that created it. */
    private volatile boolean durable;

    /**
     * A storage for a directory, which need not exist yet.
     *
     * @param directory where the files are
     */
    public FileStorage(Path directory) {
        this.directory = directory.toAbsolutePath(); // not normalized: link/.. is where the link leads
    }

    @Override
    public List<String> list() throws IOException {
        return names(Files::isRegularFile);
    }

    private interface Kind {
        boolean isIt(Path path, LinkOption... options);
    }

    /** A name that this storage cannot have created is not its own, and is not told. */
    private List<String> names(Kind kind) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (FileNames.isValid(name) && kind.isIt(entry, LinkOption.NOFOLLOW_LINKS)) {
                        names.add(name);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return names;
    }

    @Override
    public StorageFile create(String name) throws IOException {
        Path path = path(name);
        try {
            createDirectory();
            Files.createFile(path, ownerOnly("rw-------"));
        } catch (IOException e) {
            throw FullDisk.explained(e, path);
        }
        return new FileHandle(path, true);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return new FileHandle(existing(name), true);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return new FileHandle(existing(name), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path target = path(to);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        try {
            Files.move(existing(from), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw FullDisk.explained(e, target); // the directory may need a block for the name
        }
    }

    @Override
    public boolean unshare(String name) throws IOException {
        Path path = path(name);
        if (!FileLinks.isShared(path) || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path copy = path(name + COPY);
        Files.deleteIfExists(copy);
        try (FileHandle source = new FileHandle(path, false);
                StorageFile target = create(name + COPY)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            long at = 0;
            while (source.read(chunk.clear(), at) > 0) {
                int read = chunk.flip().remaining();
                target.write(chunk, at);
                at += read;
            }
            target.force();
            Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            Files.deleteIfExists(copy);
            throw e;
        }
        return true;
    }

    @Override
    public void delete(String name) throws IOException {
        Path path = path(name);
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void forceDirectory() throws IOException {
        if (isWindows()) {
            return; // a directory cannot be opened there; NTFS journals its entries
        }
        force(directory);
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        if (Files.exists(path(name), LinkOption.NOFOLLOW_LINKS)) {
            durable = true; // before anything is created in it
        }
        createDirectory();
        return DirectoryLock.acquire(directory, path(name), ownerOnly("rw-------"));
    }

    @Override
    public Storage directory(String name) throws IOException {
        Path path = path(name);
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a link, and links are not followed here: put a directory in its place,"
                    + " or mount one there");
        }
        return new FileStorage(path);
    }

    @Override
    public List<String> directories() throws IOException {
        return names(Files::isDirectory);
    }

    @Override
    public void deleteDirectory(String name) throws IOException {
        Path path = path(name);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public boolean mappable() {
        try {
            Path nearest = directory;
            while (nearest != null && !Files.exists(nearest)) {
                nearest = nearest.getParent();
            }
            return nearest != null
                    && !isWindows()
                    && !COPY_ON_WRITE.contains(
                            Files.getFileStore(nearest).type().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.isDirectory(directory) ? Files.getFileStore(directory).getUsableSpace() : Long.MAX_VALUE;
    }

    @Override
    public String location() {
        return directory.toString();
    }

    @Override
    public void close() {}

    private void createDirectory() throws IOException {
        boolean there = Files.isDirectory(directory);
        if (there && durable) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            new FileStorage(parent).createDirectory();
        }
        try {
            if (!there) {
                Files.createDirectory(directory, ownerOnly("rwx------"));
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null && !isWindows()) {
            forceParent(parent, there);
        }
        durable = true;
    }

    /** A directory that was there may have been created by a process that was killed then, or be where something is mounted. */
    private static void forceParent(Path parent, boolean there) throws IOException {
        try {
            force(parent);
        } catch (IOException e) {
            if (!there) {
                throw e;
            }
        }
    }

    private static void force(Path directory) throws IOException {
        Interrupts.withOwnChannel(directory, StandardOpenOption.READ, channel -> {
            channel.force(true);
            return true;
        });
    }

    private Path existing(String name) throws IOException {
        Path path = path(name);
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return path;
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is no plain file, and links are not followed here: move it away, or put the"
                    + " file itself in its place");
        }
        throw new NoSuchFileException(path.toString());
    }

    private Path path(String name) {
        return directory.resolve(FileNames.check(name));
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isWindows() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }
}
