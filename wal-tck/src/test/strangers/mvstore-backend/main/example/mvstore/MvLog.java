package example.mvstore;

import io.walnut.api.WalException;
import io.walnut.api.WalLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** The records of a log by their sequence, in a store. For one thread at a time. */
public class MvLog {
    private static final String CLEAN = "clean";

    private final MVStore store;
    private final MVMap<Long, byte[]> records;
    private final MVMap<String, Long> state;
    private final boolean clean;

    /** Opens or creates the store in a directory. */
    public MvLog(Path directory) {
        String file = directory.resolve("log.mv").toString();
        try {
            Files.createDirectories(directory);
            store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
        } catch (MVStoreException e) {
            if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw new WalLockedException("somebody else has " + file + " open", file);
            }
            throw failed(e);
        } catch (IOException e) {
            throw failed(e);
        }
        records = store.openMap("records");
        state = store.openMap("state");
        clean = records.isEmpty() || state.containsKey(CLEAN);
        state.remove(CLEAN);
        store.commit();
        store.sync();
    }

    private static WalException failed(Exception e) {
        return new WalException(WalException.Reason.IO, WalException.Outcome.NONE, "the store cannot be opened: " + e, e);
    }

    boolean clean() {
        return clean;
    }

    /** {@return the sequence of the last record, 0 if there is none} */
    long last() {
        Long last = records.lastKey();
        return last == null ? 0 : last;
    }

    byte[] get(long sequence) {
        return records.get(sequence);
    }

    /** Appends all or none. */
    protected void append(List<byte[]> encoded) {
        long sequence = last();
        for (byte[] each : encoded) {
            records.put(++sequence, each);
        }
        commit();
    }

    /** Hands what was appended to the kernel. */
    protected void commit() {
        store.commit();
    }

    /** Forces what was appended to the device. */
    void sync() {
        store.commit();
        store.sync();
    }

    void close() {
        state.put(CLEAN, 1L);
        sync();
        store.close();
    }
}
