package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.WalLockedException;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageLock;
import io.walnut.spi.StorageProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What every {@link Storage} and its provider must do: extend it, name the provider, run it with JUnit. */
@Tag("storage")
public abstract class StorageKit extends StorageFileRules {
    private static final String LOCK = "LOCK";

    /** For subclasses. */
    protected StorageKit() {}

    @Override
    final Class<StorageProvider> service() {
        return StorageProvider.class;
    }

    @Override
    final String kind() {
        return "storage";
    }

    /** If this fails, look at the provider's {@code name()} and at {@code @Named} on its class: one name, {@code [a-z0-9-]{1,63}}. */
    @Test
    public final void required_T101_hasOneNameWithWhichItIsAnnotatedToo() {
        checkName();
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    public final void required_T102_isFoundAsAService() {
        checkService();
    }

    /** If this fails, look at the defaults in the provider's {@code config()}. */
    @Test
    public final void required_T103_hasDefaultsThatCanBeWrittenDown() {
        checkDefaults();
    }

    /** If this fails, look at {@code create} and {@code list}: a new file is empty, listed, and its name is taken. */
    @Test
    public final void required_T111_createsFilesWhoseNamesAreNotTaken() throws IOException {
        Storage storage = make();
        assertEquals(Set.of(), names(storage));
        try (StorageFile file = storage.create("a.wal")) {
            assertEquals("a.wal", file.name());
            assertEquals(0, file.size());
            file.write(ByteBuffer.wrap(noise(9)), 0);
        }
        storage.create("b-2_C.3").close();
        assertThrows(FileAlreadyExistsException.class, () -> storage.create("a.wal"));
        assertEquals(Set.of("a.wal", "b-2_C.3"), names(storage));
        try (StorageFile file = storage.openReadOnly("a.wal")) {
            assertArrayEquals(noise(9), read(file, 0, 9));
        }
    }

    /** If this fails, look at files that are not there: opening must fail in the way that says so, and create nothing. */
    @Test
    public final void required_T112_tellsThatAFileIsNotThere() throws IOException {
        Storage storage = make();
        assertThrows(NoSuchFileException.class, () -> storage.open("none"));
        assertThrows(NoSuchFileException.class, () -> storage.openReadOnly("none"));
        assertEquals(Set.of(), names(storage));
    }

    /** If this fails, look at {@code rename}: it moves a file with its content, and never over another one. */
    @Test
    public final void required_T113_renamesAFileToANameThatIsNotTaken() throws IOException {
        Storage storage = make();
        try (StorageFile file = storage.create("from")) {
            file.write(ByteBuffer.wrap(noise(100)), 0);
        }
        storage.create("taken").close();
        assertThrows(FileAlreadyExistsException.class, () -> storage.rename("from", "taken"));
        storage.rename("from", "to");
        storage.forceDirectory();
        assertEquals(Set.of("taken", "to"), names(storage));
        try (StorageFile file = storage.open("to")) {
            assertArrayEquals(noise(100), read(file, 0, 100));
        }
    }

    /** If this fails, look at {@code delete}: what is not there is no error, and open handles can still be read. */
    @Test
    public final void required_T114_deletesAFileThatCanStillBeRead() throws IOException {
        Storage storage = make();
        try (StorageFile file = storage.create("file")) {
            file.write(ByteBuffer.wrap(noise(100)), 0);
            try (StorageFile reading = storage.openReadOnly("file")) {
                storage.delete("file");
                storage.delete("file");
                storage.forceDirectory();
                assertEquals(Set.of(), names(storage));
                assertArrayEquals(noise(100), read(reading, 0, 100));
            }
        }
        try (StorageFile again = storage.create("file")) {
            assertEquals(0, again.size(), "a new file holds what a deleted one of its name held");
        }
    }

    /** If this fails, look at the lock: one holder at a time, until it is closed, by whatever way the storage was made. */
    @Test
    public final void required_T115_locksOutEverybodyElse() throws IOException {
        Storage storage = make();
        StorageLock lock = storage.lock(LOCK);
        assertTrue(lock.held());
        assertThrows(WalLockedException.class, () -> storage.lock(LOCK));
        Storage same = make();
        assertThrows(WalLockedException.class, () -> same.lock(LOCK));
        assertTrue(lock.held(), "refusing another lock lost this one");
        lock.close();
        lock.close();
        try (StorageLock next = same.lock(LOCK)) {
            assertTrue(next.held());
            assertFalse(lock.held(), "a lock that was closed says that it is held");
        }
    }

    /** If this fails, look at directories inside: files of their own, which the outer one does not list. */
    @Test
    public final void required_T116_keepsDirectoriesApart() throws IOException {
        Storage storage = make();
        Storage inner = storage.directory("quarantine");
        assertEquals(Set.of(), names(inner));
        inner.create("same").close();
        try (StorageFile outer = storage.create("same")) {
            outer.write(ByteBuffer.wrap(noise(5)), 0);
        }
        inner.forceDirectory();
        assertEquals(Set.of("same"), names(storage));
        assertEquals(Set.of("same"), names(storage.directory("quarantine")));
        try (StorageFile file = inner.openReadOnly("same")) {
            assertEquals(0, file.size());
        }
    }

    /** If this fails, look at what is a directory: what was created in one, and not what is empty again. */
    @Test
    public final void optional_T120_listsAndDeletesDirectories() throws IOException {
        Storage storage = make();
        try {
            assertEquals(List.of(), storage.directories());
        } catch (UnsupportedOperationException e) {
            throw new TestAbortedException("the storage does not hold groups of logs", e);
        }
        storage.create("file").close();
        storage.directory("one").create("file").close();
        storage.directory("two").create("file").close();
        assertEquals(Set.of("one", "two"), Set.copyOf(storage.directories()));
        assertEquals(List.of(), storage.directory("one").directories());
        assertThrows(DirectoryNotEmptyException.class, () -> storage.deleteDirectory("one"));
        storage.directory("one").delete("file");
        storage.deleteDirectory("one");
        storage.deleteDirectory("none");
        assertEquals(List.of("two"), storage.directories());
        assertEquals(Set.of("file"), names(storage));
        storage.directory("one").create("file").close();
        assertEquals(Set.of("one", "two"), Set.copyOf(make().directories()));
    }

    /** If this fails, look at what closing a storage loses: everything written is there when it is made again. */
    @Test
    public final void required_T117_keepsEverythingForTheNextToOpenIt() throws IOException {
        try (Storage storage = make()) {
            try (StorageFile file = storage.create("file")) {
                file.write(ByteBuffer.wrap(noise(10_000)), 0);
            }
        }
        Storage again = make();
        assertEquals(Set.of("file"), names(again));
        try (StorageFile file = again.openReadOnly("file")) {
            assertArrayEquals(noise(10_000), read(file, 0, 10_000));
        }
    }

    /** If this fails, look at what a storage tells of itself: where it is, how much room there is, the same each time. */
    @Test
    public final void required_T118_tellsWhereItIsAndHowMuchRoomThereIs() throws IOException {
        Storage storage = make();
        assertFalse(storage.location().isBlank());
        assertTrue(storage.usableBytes() > 0, () -> "no room in " + storage.location());
        assertEquals(storage.mappable(), make().mappable());
    }

    /** If this fails, look at names that lead elsewhere: none of them may reach a file outside. */
    @Test
    public final void required_T119_refusesNamesThatLeadElsewhere() throws IOException {
        Storage storage = make();
        storage.create("file").close();
        for (String name : new String[] {"../outside", "/outside", "a/b", "..", ""}) {
            assertThrows(Exception.class, () -> storage.create(name).close(), () -> "created '" + name + "'");
        }
        assertEquals(Set.of("file"), names(storage));
    }

    private static Set<String> names(Storage storage) throws IOException {
        return Set.copyOf(storage.list());
    }
}
