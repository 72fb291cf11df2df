package io.walnut.engine.log;

import io.walnut.engine.format.Slot;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of two slots: created whole under another name, forced and renamed; then overwritten slot by slot, so that it
 * needs no space and a torn write leaves the slot before. What was found in it may be no more than seen, so it is made
 * durable before the slot before it is overwritten. For one thread at a time.
 */
final class SlotFile<T extends Slot> {
    /** What the name of the file ends with while it is created. */
    static final String NEW = ".new";

    /** A greater generation or sequence would overflow some day: no log counts so far. */
    static final long MAX_COUNT = 1L << 62;

    private static final int PAGE = 4096;

    private final Storage storage;
    private final String name;
    private final long lastSlot;
    private T current;
    private boolean exists;
    private boolean settled;
    private Failure failure = new Failure(); // nobody's, until there is a log

    /**
     * A file.
     *
     * @param lastSlot where its second slot is
     * @param current what was found, or what is to be stored first
     * @param exists whether it was found
     */
    SlotFile(Storage storage, String name, long lastSlot, T current, boolean exists) {
        this.storage = storage;
        this.name = name;
        this.lastSlot = lastSlot;
        this.current = current;
        this.exists = exists;
    }

    /** From now on a force that fails stops the log. */
    void stops(Failure ofLog) {
        failure = ofLog;
    }

    T current() {
        return current;
    }

    boolean exists() {
        return exists;
    }

    /** Stores something durably, instead of what was stored. */
    void write(T next) throws IOException {
        if (exists) {
            settle();
            put(next);
        } else {
            create(next);
        }
        current = next;
    }

    /** Makes what is stored durable: after the death of a process it may be no more than written. */
    void settle() throws IOException {
        if (exists && !settled) {
            put(current);
            failure.force(storage::forceDirectory);
            settled = true;
        }
    }

    private void create(T first) throws IOException {
        storage.delete(name + NEW);
        try (StorageFile file = storage.create(name + NEW)) {
            file.write(ByteBuffer.allocate(PAGE), 0); // so that it needs no space later
            file.write(ByteBuffer.allocate(PAGE), lastSlot);
            file.write(ByteBuffer.wrap(first.bytes()), first.offset());
            failure.force(file::force);
        }
        storage.delete(name); // of which nothing was valid
        storage.rename(name + NEW, name);
        failure.force(storage::forceDirectory);
        exists = true;
        settled = true;
    }

    /** After a failed force the page cache lies: what is to be durable is written before it is forced. */
    private void put(T slot) throws IOException {
        OwnFile.ensure(storage, name, failure);
        try (StorageFile file = storage.open(name)) {
            file.write(ByteBuffer.wrap(slot.bytes()), slot.offset());
            failure.force(file::force);
        }
    }
}
