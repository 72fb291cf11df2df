package io.walnut.engine.storage;

import io.walnut.api.WalLockedException;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock on a directory, of which there is at most one.
 *
 * <p>A {@link ProcessClaim} on the directory comes first: closing any channel on the lock file drops the POSIX locks of the
 * process on it, so whoever loses inside this JVM must not even open that file. Then the file is locked, and names its
 * holder. Foreign code of the holder's process, a backup for example, may still open and close the file and so drop the
 * lock in silence. Three things help against that: {@link OpenFileLock} where there is one; an opener that gets the lock
 * but finds a holder named that certainly runs gives way; and {@link #lost} takes the lock again, and finds out whether
 * another one had it meanwhile, as that one left its token.
 *
 * <p>A lock file that was linked into another directory, as by {@code cp -al}, is replaced before it is used.
 */
final class DirectoryLock implements StorageLock {
    private static final int ATTEMPTS = 10;
    private static final String NEW = ".new";

    private final ReentrantLock checking = new ReentrantLock();
    private final ProcessClaim claim;
    private final Path file;
    private final @Nullable Object fileKey;
    private final byte[] tokenLine;
    private final AsynchronousFileChannel channel;
    private final SystemLock lock;
    private final ByteBuffer found;

    private DirectoryLock(
            ProcessClaim claim,
            Path file,
            @Nullable Object fileKey,
            LockHolder me,
            AsynchronousFileChannel channel,
            SystemLock lock) {
        this.claim = claim;
        this.file = file;
        this.fileKey = fileKey;
        this.tokenLine = me.tokenLine();
        this.channel = channel;
        this.lock = lock;
        this.found = ByteBuffer.allocateDirect(tokenLine.length);
    }

    static DirectoryLock acquire(Path directory, Path file, FileAttribute<?>... attributes) throws IOException {
        return Interrupts.immune(() -> {
            ProcessClaim claim;
            try {
                claim = ProcessClaim.of(directory);
            } catch (OverlappingFileLockException e) {
                throw openHere(directory);
            }
            DirectoryLock acquired = null;
            try {
                acquired = lockFile(claim, directory, file, attributes);
                return acquired;
            } finally {
                if (acquired == null) {
                    claim.close();
                }
            }
        });
    }

    private static WalLockedException openHere(Path directory) {
        return new WalLockedException(
                "the log in " + directory + " is already open in this process, perhaps through another path: close it"
                        + " there, or share it",
                directory.toString());
    }

    private static DirectoryLock lockFile(ProcessClaim claim, Path directory, Path file, FileAttribute<?>... attributes)
            throws IOException {
        LockHolder me = LockHolder.here(String.valueOf(key(directory.toRealPath())));
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                Files.createFile(file, attributes);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("the lock file is not a plain file: " + file, e);
                }
            }
            DirectoryLock acquired = attempt(claim, directory, file, me, attributes);
            if (acquired != null) {
                return acquired;
            }
        }
        throw new IOException("the lock file is replaced again and again: " + file);
    }

    /** {@return the lock, or null if the file is another one by now} */
    private static @Nullable DirectoryLock attempt(
            ProcessClaim claim, Path directory, Path file, LockHolder me, FileAttribute<?>... attributes)
            throws IOException {
        Object key = key(file);
        AsynchronousFileChannel channel = AsynchronousFileChannel.open(
                file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE), FileHandle.Inline.EXECUTOR);
        DirectoryLock acquired = null;
        SystemLock lock = null;
        try {
            boolean shared = FileLinks.isShared(file);
            LockHolder named = LockHolder.read(content(channel));
            boolean namesThis = named.directory().equals(me.directory());
            try {
                lock = SystemLock.tryLock(file, channel);
            } catch (OverlappingFileLockException e) {
                if (!shared) {
                    throw openHere(directory);
                }
                namesThis = false; // as this JVM has no other claim on the directory
            }
            if (shared && (lock != null || !namesThis)) {
                if (Objects.equals(key, key(file))) {
                    replace(file, attributes);
                }
                return null;
            }
            if (lock == null) {
                throw new WalLockedException(
                        "the log in " + directory + " is open in another process" + named.inWords()
                                + ": stop that one, or open another directory",
                        file.toString());
            }
            if (!Objects.equals(key, key(file))) {
                return null;
            }
            if (namesThis && named.isAlive() && !named.isHere()) {
                throw new WalLockedException(
                        "the log in " + directory + " is open in another process" + named.inWords()
                                + ", whose lock was dropped when some code in it opened and closed " + file
                                + ": stop that process; only if it does not use this log, delete that file",
                        file.toString());
            }
            DirectoryLock signed = new DirectoryLock(claim, file, key, me, channel, lock);
            signed.write(me.bytes());
            acquired = signed;
            return acquired;
        } finally {
            if (acquired == null) {
                try (channel) {
                    if (lock != null) {
                        lock.close();
                    }
                }
            }
        }
    }

    /** Other directories keep the file that was there. */
    private static void replace(Path file, FileAttribute<?>... attributes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + NEW);
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, attributes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] content(AsynchronousFileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LockHolder.BYTES);
        while (content.hasRemaining() && read(channel, content) > 0) {}
        return Arrays.copyOf(content.array(), content.position());
    }

    private static int read(AsynchronousFileChannel channel, ByteBuffer target) throws IOException {
        return done(channel.read(target, target.position()));
    }

    private void write(byte[] content) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(content);
        try {
            while (source.hasRemaining()) {
                done(channel.write(source, source.position()));
            }
        } catch (IOException e) {
            throw FullDisk.explained(e, file);
        }
    }

    /** {@return the result of what the inline executor has done already} */
    private static int done(Future<Integer> operation) throws IOException {
        try {
            return operation.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("an operation that is done cannot be waited for", e);
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public boolean held() {
        return lost().isEmpty();
    }

    @Override
    public String lost() {
        checking.lock();
        try {
            if (!channel.isOpen()) {
                return "it was freed";
            }
            if (fileKey == null ? !Files.exists(file, LinkOption.NOFOLLOW_LINKS) : !fileKey.equals(key(file))) {
                return file + " was deleted or replaced";
            }
            if (lock.renew() && isSigned()) {
                return "";
            }
            return "another process" + LockHolder.read(content(channel)).inWords()
                    + " took it, after some code in this process had opened and closed " + file
                    + ": keep backups and the like away from that file";
        } catch (IOException e) {
            return file + " cannot be checked: " + e;
        } finally {
            checking.unlock();
        }
    }

    /** {@return whether nobody else wrote a token since} */
    private boolean isSigned() throws IOException {
        found.clear();
        while (found.hasRemaining() && read(channel, found) > 0) {}
        return found.flip().equals(ByteBuffer.wrap(tokenLine));
    }

    @Override
    public void close() throws IOException {
        checking.lock();
        try (claim;
                channel;
                lock) {
            if (channel.isOpen() && isSigned()) {
                write(new byte[LockHolder.BYTES]); // in place: a full disk has no room for it later
            }
        } finally {
            checking.unlock();
        }
    }
}
