package io.walnut.engine.storage;

import io.walnut.api.WalLockedException;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * At most one holder for a directory. The claim is made first in this JVM, by the directory's real path in the system
 * properties, which all class loaders share; then on the lock file, which nothing else ever opens, because closing any
 * other channel on it would drop the lock; then it is checked that the file is still the one that was locked.
 */
final class DirectoryLock implements StorageLock {
    private static final String CLAIM = "io.walnut.lock.";

    private final String claim;
    private final String token;
    private final Path file;
    private final @Nullable Object fileKey;
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(
            String claim, String token, Path file, @Nullable Object fileKey, FileChannel channel, FileLock lock) {
        this.claim = claim;
        this.token = token;
        this.file = file;
        this.fileKey = fileKey;
        this.channel = channel;
        this.lock = lock;
    }

    static DirectoryLock acquire(Path directory, Path file, FileAttribute<?>... attributes) throws IOException {
        String claim = CLAIM + directory.toRealPath();
        String token = UUID.randomUUID().toString();
        Properties shared = System.getProperties();
        if (shared.putIfAbsent(claim, token) != null) {
            throw new WalLockedException(
                    "the log in " + directory + " is already open in this process", directory.toString());
        }
        try {
            return Interrupts.immune(() -> lockFile(claim, token, file, attributes));
        } catch (IOException | RuntimeException | Error e) {
            shared.remove(claim, token);
            throw e;
        }
    }

    private static DirectoryLock lockFile(String claim, String token, Path file, FileAttribute<?>... attributes)
            throws IOException {
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                Files.createFile(file, attributes);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("the lock file is not a plain file: " + file, e);
                }
            }
            Object before = key(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw new WalLockedException(
                            "the log in " + file.getParent() + " is open in another process" + holder(channel),
                            file.toString());
                }
                if (Objects.equals(before, key(file))) {
                    channel.truncate(0);
                    channel.write(ByteBuffer.wrap(
                            ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                    return new DirectoryLock(claim, token, file, before, channel, lock);
                }
                channel.close();
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw new WalLockedException(
                        "the log in " + file.getParent() + " is already open in this process", file.toString());
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        }
        throw new IOException("the lock file is replaced again and again: " + file);
    }

    private static String holder(FileChannel channel) {
        try {
            ByteBuffer text = ByteBuffer.allocate(64);
            channel.read(text, 0);
            String holder =
                    StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
            return holder.isEmpty() ? "" : " (" + holder + ")";
        } catch (IOException e) {
            return "";
        }
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public boolean held() {
        try {
            return lock.isValid()
                    && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && Objects.equals(fileKey, key(file));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            System.getProperties().remove(claim, token);
        }
    }
}
