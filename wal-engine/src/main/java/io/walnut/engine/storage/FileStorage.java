package io.walnut.engine.storage;

import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the default file system. The directory is created, for its owner only unless {@link FileOptions} say
 * otherwise, when the lock or the first file is. Links are neither listed nor followed.
 */
public final class FileStorage implements Storage {
    /** Overwriting what is mapped may allocate there, or is told too late; whether mapping works at all is tried. */
    private static final Set<String> COPY_ON_WRITE = Set.of("btrfs", "zfs", "bcachefs", "nfs", "nfs4", "cifs");

    /** Nothing is known of what is behind one of these: fuse, fuseblk, fuse.sshfs. */
    private static final String IN_USER_SPACE = "fuse";

    private static final int CHUNK = 256 << 10;

    /** The suffix of the name of a file while it is copied, see {@link #unshare}. */
    private static final String COPY = ".copy";

    private final Path directory;
    private final @Nullable FileOptions given;
    private final FileOptions options;

    /** The name of the directory is durable, as far as it is this class that created it. */
    private volatile boolean durable;

    /** The directory was forced, so that it can be. */
    private volatile boolean forced;

    /** The file system cannot force the directory, and that is accepted. */
    private volatile boolean refused;

    /**
     * A storage for a directory, which need not exist yet.
     *
     * @param directory where the files are
     */
    public FileStorage(Path directory) {
        this(directory, null);
    }

    private FileStorage(Path directory, @Nullable FileOptions given) {
        this.directory = directory.toAbsolutePath(); // not normalized: link/.. is where the link leads
        this.given = given;
        this.options = given != null ? given : FileOptions.DEFAULT;
    }

    /** {@return this storage with options; itself if it has some already} */
    public FileStorage with(FileOptions others) {
        return given != null ? this : new FileStorage(directory, others);
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
            createFile(path);
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
        if (isWindows() || refused) {
            return; // Windows opens no directory; NTFS journals its entries
        }
        try {
            force(directory);
            forced = true;
        } catch (IOException e) {
            if (options.mustForce() || forced) {
                throw e;
            }
            refused = true;
            warn(directory, e);
        }
    }

    private static void warn(Path unforced, IOException cause) {
        System.getLogger("io.walnut.engine")
                .log(
                        System.Logger.Level.WARNING,
                        "wal.dir.force.refused log=" + unforced.getFileName() + " at=" + unforced
                                + ": the names of files are not forced, and a power loss"
                                + " may take files back that were created, or bring back deleted ones",
                        cause);
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        Path path = path(name);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            durable = true; // before anything is created in it
        }
        try {
            createDirectory();
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                createLockFile(path);
            }
        } catch (IOException e) {
            throw FullDisk.explained(e, path);
        }
        try {
            return DirectoryLock.acquire(directory, path, attributes(options.fileMode()));
        } catch (IOException e) {
            throw cannotLock(path, FullDisk.explained(e, path));
        }
    }

    private static IOException cannotLock(Path path, IOException failure) {
        return failure instanceof FileSystemException || failure instanceof StorageFullException
                ? failure
                : new IOException(
                        "cannot lock " + path + ": " + failure.getMessage()
                                + "; where its file system has no locks, which keep a second process out, mount it with"
                                + " locks or put the log elsewhere",
                        failure);
    }

    private void createLockFile(Path path) throws IOException {
        try {
            createFile(path);
        } catch (FileAlreadyExistsException e) {
            // somebody else was faster, and may have taken the lock too
        }
    }

    @Override
    public Storage directory(String name) throws IOException {
        Path path = path(name);
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a link, and links are not followed here: put a directory in its place,"
                    + " or mount one there");
        }
        return new FileStorage(path, given == null ? null : given.inside());
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
                    && isOverwrittenInPlace(Files.getFileStore(nearest).type().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOverwrittenInPlace(String type) {
        return !COPY_ON_WRITE.contains(type) && !type.startsWith(IN_USER_SPACE);
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
        if (!there && !options.creates()) {
            throw new NoSuchFileException(
                    directory.toString(),
                    null,
                    "the directory is not there, and wal.dir.require keeps it from being created: create it, or mount"
                            + " its volume");
        }
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            new FileStorage(parent, given).createDirectory();
        }
        try {
            if (!there) {
                Files.createDirectory(directory, attributes(options.directoryMode()));
                widen(directory, options.directoryMode());
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
    private void forceParent(Path parent, boolean there) throws IOException {
        try {
            force(parent);
        } catch (IOException e) {
            if (!there && options.mustForce()) {
                throw e;
            }
            if (!there) {
                warn(parent, e);
            }
        }
    }

    private static void force(Path directory) throws IOException {
        try {
            Interrupts.withOwnChannel(directory, StandardOpenOption.READ, channel -> {
                channel.force(true);
                return true;
            });
        } catch (IOException e) {
            throw new IOException(
                    "cannot force the directory " + directory + ": " + e.getMessage()
                            + "; where its file system cannot do that, wal.dir.force=best-effort goes on without",
                    e);
        }
    }

    private void createFile(Path path) throws IOException {
        Files.createFile(path, attributes(options.fileMode()));
        widen(path, options.fileMode());
    }

    /** Gives a new file what the process's umask took away. */
    private static void widen(Path path, Set<PosixFilePermission> mode) throws IOException {
        if (isPosix(path) && !mode.equals(Files.getPosixFilePermissions(path)) && isForOthers(mode)) {
            Files.setPosixFilePermissions(path, mode);
        }
    }

    /** A umask takes away from the owner what the owner wants; a file system without permissions has its own. */
    private static boolean isForOthers(Set<PosixFilePermission> mode) {
        return !FileOptions.DEFAULT.directoryMode().containsAll(mode);
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

    private FileAttribute<?>[] attributes(Set<PosixFilePermission> mode) {
        return isPosix(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static boolean isWindows() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }
}
