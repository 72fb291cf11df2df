package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A claim on a directory that at most one part of this JVM has. It is an entry in the JDK's own table of file locks: that
 * knows a directory by its device and inode, whatever the path, is one for all class loaders, cannot be replaced as the
 * system properties can, and loses the entry with its channel. The operating system's lock, which comes with it, is shared
 * and never relied on. System properties, as a table, can be replaced or restored; security properties cannot be removed
 * again; threads and their groups know no identity of files.
 *
 * <p>Where a directory cannot be opened or locked, as on Windows, there is no claim. There the lock on the file itself
 * decides, which Windows keeps by handle and not by process.
 */
final class ProcessClaim implements AutoCloseable {
    private final @Nullable FileChannel channel;

    @SuppressWarnings("UnusedVariable") // the JDK's table refers to it weakly
    private final @Nullable FileLock entry;

    private ProcessClaim(@Nullable FileChannel channel, @Nullable FileLock entry) {
        this.channel = channel;
        this.entry = entry;
    }

    /**
     * Claims a directory.
     *
     * @throws OverlappingFileLockException if it is claimed already
     */
    static ProcessClaim of(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            return new ProcessClaim(null, null);
        }
        FileLock entry = null;
        try {
            entry = channel.tryLock(0, Long.MAX_VALUE, true);
        } catch (IOException e) {
            // this file system knows no locks on directories
        } finally {
            if (entry == null) {
                channel.close();
            }
        }
        return new ProcessClaim(channel, entry);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
