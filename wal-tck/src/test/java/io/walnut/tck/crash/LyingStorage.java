package io.walnut.tck.crash;

import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A storage between a log and the disk that lies in one way. */
final class LyingStorage extends ForwardingStorage {
    /** Something that may fail. */
    private interface Action {
        void run() throws IOException;
    }

    private final Lie lie;
    private final List<Action> later = new ArrayList<>();
    private boolean recovering = true;

    LyingStorage(Storage storage, Lie lie) {
        super(storage);
        this.lie = lie;
    }

    private void before() throws IOException {
        List<Action> due = List.copyOf(later);
        if (lie != Lie.HOLDS_WRITES_BACK && lie != Lie.FORCES_AFTER_RENAMING) {
            later.clear();
            for (Action each : due) {
                each.run();
            }
        }
        if (lie == Lie.CLEARS_INTERRUPTS) {
            Thread.interrupted();
        }
    }

    private void flush() throws IOException {
        List<Action> due = List.copyOf(later);
        later.clear();
        for (Action each : due) {
            each.run();
        }
    }

    private void force(String name, Action force) throws IOException {
        switch (lie) {
            case FORCES_NOTHING -> {
                if (!name.endsWith(".wal")) {
                    force.run();
                }
            }
            case FORCES_ONLY_LATER -> later.add(() -> ignoringClosed(force));
            case FORCES_NO_STATE -> {
                if (!name.equals("STATE")) {
                    force.run();
                }
            }
            case FORCES_NO_CHECKPOINTS -> {
                if (!name.equals("CHECKPOINTS")) {
                    force.run();
                }
            }
            case FORCES_NOTHING_WHILE_RECOVERING -> {
                if (!recovering) {
                    force.run();
                }
            }
            case FORCES_AFTER_RENAMING -> {
                if (!name.endsWith(".spare") && !name.endsWith(".new")) {
                    force.run();
                }
            }
            case HOLDS_WRITES_BACK -> {
                flush();
                force.run();
            }
            case SWALLOWS_FAILED_FORCES -> {
                try {
                    force.run();
                } catch (IOException e) {
                    Thread.onSpinWait();
                }
            }
            case RETRIES_FAILED_FORCES -> {
                try {
                    force.run();
                } catch (IOException e) {
                    force.run();
                }
            }
            default -> force.run();
        }
    }

    private static void ignoringClosed(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            Thread.onSpinWait();
        }
    }

    @Override
    public List<String> list() throws IOException {
        before();
        return super.list();
    }

    @Override
    public StorageFile create(String name) throws IOException {
        before();
        return new LyingFile(super.create(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        before();
        return new LyingFile(super.open(name));
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        before();
        recovering &= !name.equals("CHECKPOINTS"); // which are read when the rest is recovered
        return new LyingFile(super.openReadOnly(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        before();
        super.rename(from, to);
        if (lie == Lie.FORCES_AFTER_RENAMING) {
            try (StorageFile file = delegate().open(to)) {
                file.force();
            }
        }
    }

    @Override
    public void delete(String name) throws IOException {
        before();
        super.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        before();
        if (lie != Lie.FORCES_NO_DIRECTORY) {
            force("", super::forceDirectory);
        }
    }

    @Override
    public StorageLock lock(String name) throws IOException {
        before();
        return lie != Lie.LOCKS_NOTHING
                ? super.lock(name)
                : new StorageLock() {
                    @Override
                    public boolean held() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };
    }

    private final class LyingFile extends ForwardingStorageFile {
        LyingFile(StorageFile file) {
            super(file);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (lie == Lie.HOLDS_WRITES_BACK) {
                return super.read(target, position);
            }
            before();
            try {
                return super.read(target, position);
            } catch (IOException e) {
                if (lie == Lie.TAKES_READ_ERRORS_FOR_THE_END) {
                    return -1;
                }
                throw e;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            before();
            if (lie == Lie.HOLDS_WRITES_BACK && name().endsWith(".wal")) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                later.add(() -> ignoringClosed(() -> super.write(ByteBuffer.wrap(bytes), position)));
                return;
            }
            if (lie == Lie.FLIPS_A_BIT && name().endsWith(".wal") && source.remaining() > 100) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                bytes[bytes.length / 2] ^= 1;
                super.write(ByteBuffer.wrap(bytes), position);
                return;
            }
            try {
                super.write(source, position);
            } catch (StorageFullException e) {
                if (lie != Lie.SWALLOWS_FULL_DISKS) {
                    throw e;
                }
                source.position(source.limit());
            }
            if (lie == Lie.FORCES_AT_EVERY_WRITE) {
                delegate().force();
            }
        }

        @Override
        public void force() throws IOException {
            before();
            LyingStorage.this.force(name(), super::force);
        }

        @Override
        public void truncate(long size) throws IOException {
            before();
            super.truncate(size);
        }

        @Override
        public MappedRegion map(long from, long length) throws IOException {
            before();
            return super.map(from, length);
        }

        @Override
        public void close() throws IOException {
            if (lie != Lie.LEAVES_FILES_OPEN) {
                super.close();
            }
        }
    }
}
