package io.walnut.spi;

import io.walnut.api.WalLockedException;
import java.io.IOException;
import java.util.List;

/**
 * The port through which the engine does all of its I/O: one directory with files in it. Thread-safe. No interrupt of a
 * calling thread may close or harm a file; its flag stays set.
 *
 * <p>Names are plain: {@code [A-Za-z0-9._-]+}, not starting with a dot. What is durable when:
 *
 * <ul>
 *   <li>what {@link StorageFile#write} or a store into a {@linkplain StorageFile#map mapped region} put into a file, and
 *       the file's size, when a later {@link StorageFile#force} has returned;
 *   <li>that a name was created, renamed or deleted, when a later {@link #forceDirectory} has returned;
 *   <li>everything written survives the death of the process, durable or not.
 * </ul>
 *
 * <p>A storage between the engine and another one extends {@link ForwardingStorage}.
 */
public interface Storage extends AutoCloseable {
    /**
     * Lists the plain files in the directory, neither directories nor links. A name that this storage could not have
     * created is left out: such a file belongs to somebody else.
     *
     * @return the names, in no order
     */
    List<String> list() throws IOException;

    /**
     * Creates an empty file, for its owner only, and opens it.
     *
     * @param name a name that is not taken
     * @return the file, open for reading and writing
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     */
    StorageFile create(String name) throws IOException;

    /**
     * Opens a file for reading and writing.
     *
     * @param name an existing file
     * @return the file
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    StorageFile open(String name) throws IOException;

    /**
     * Opens a file for reading alone.
     *
     * @param name an existing file
     * @return the file; writing to it fails
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    StorageFile openReadOnly(String name) throws IOException;

    /**
     * Renames a file, on which no handle is open.
     *
     * @param from an existing file
     * @param to a name that is not taken
     * @throws java.nio.file.FileAlreadyExistsException if the name is taken
     */
    void rename(String from, String to) throws IOException;

    /**
     * Gives a file that has other names too, in this directory or elsewhere, a copy of its own under this name, so that
     * changing it changes nothing under the others: hard-linked copies of a directory have such files. The content of the
     * copy is durable; that it has the name, when a later {@link #forceDirectory} has returned. Handles that are open stay
     * on the file as it was.
     *
     * @param name a file
     * @return whether the file was replaced; false if it has no other name, or is not there
     * @throws StorageFullException if there is no space for the copy; nothing was changed
     */
    default boolean unshare(String name) throws IOException {
        return false;
    }

    /**
     * Deletes a plain file; handles that are open on it can still be read. Deleting what is not there, or is no plain file,
     * does nothing.
     *
     * @param name a file
     */
    void delete(String name) throws IOException;

    /** Makes every creation, renaming and deletion so far durable. */
    void forceDirectory() throws IOException;

    /**
     * Takes a lock that nobody else, in this process or another, holds. No other method touches its file.
     *
     * @param name the name of the lock's file
     * @return the lock; closing it frees it
     * @throws WalLockedException if somebody holds it
     */
    StorageLock lock(String name) throws IOException;

    /**
     * A directory inside this one, created when the first file is created in it.
     *
     * @param name its name
     * @return the storage for it; closed with this one
     * @throws IOException if there is a link of this name, which is not followed
     */
    Storage directory(String name) throws IOException;

    /**
     * Lists the directories inside this one, for groups of logs: no links, and no name that this storage could not have
     * created.
     *
     * @return their names, in no order
     * @throws UnsupportedOperationException if this storage cannot hold a group
     */
    default List<String> directories() throws IOException {
        throw new UnsupportedOperationException(location() + " does not list directories");
    }

    /**
     * Deletes a directory with nothing in it. Deleting what is not there does nothing.
     *
     * @param name a directory
     * @throws java.nio.file.DirectoryNotEmptyException if something is in it
     * @throws UnsupportedOperationException if this storage cannot hold a group
     */
    default void deleteDirectory(String name) throws IOException {
        throw new UnsupportedOperationException(location() + " does not delete directories");
    }

    /** {@return whether {@link StorageFile#map} works here, and overwriting mapped space never allocates} */
    boolean mappable();

    /** {@return how many bytes could be written, as far as is known; {@link Long#MAX_VALUE} if it is not} */
    long usableBytes() throws IOException;

    /** {@return where this is, for a person: a directory's path, for instance} */
    String location();

    /** Frees what this holds beside files and locks, which have their own {@code close}. */
    @Override
    void close() throws IOException;
}
