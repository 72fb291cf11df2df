package io.walnut.engine.recovery;

import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A storage in whose segments the frames are seen that are only in the stage. Whatever is written goes to the files; so a
 * recovery that writes what it keeps once more has written the staged frames too.
 */
public final class StagedStorage extends ForwardingStorage {
    private final Map<String, StagedPart> parts;

    private StagedStorage(Storage storage, Map<String, StagedPart> parts) {
        super(storage);
        this.parts = parts;
    }

    /**
     * Looks for staged frames.
     *
     * @param storage where a log is
     * @return a view of it with what is in its stage by now; the storage itself, if nothing is
     * @throws IOException if something cannot be read
     */
    public static Storage of(Storage storage) throws IOException {
        Map<String, StagedPart> parts = StagedFrames.of(storage);
        return parts.isEmpty() ? storage : new StagedStorage(storage, parts);
    }

    /** {@return where in a file the staged frames begin, {@code Long.MAX_VALUE} if it has none} */
    static long stagedFrom(Storage storage, String name) {
        StagedPart part = storage instanceof StagedStorage staged ? staged.parts.get(name) : null;
        return part == null ? Long.MAX_VALUE : part.from();
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return view(super.open(name), name);
    }

    @Override
    public StorageFile openReadOnly(String name) throws IOException {
        return view(super.openReadOnly(name), name);
    }

    private StorageFile view(StorageFile file, String name) {
        @Nullable StagedPart part = parts.get(name);
        return part == null ? file : new View(file, part);
    }

    private static final class View extends ForwardingStorageFile {
        private final StagedPart part;

        View(StorageFile file, StagedPart part) {
            super(file);
            this.part = part;
        }

        @Override
        public long size() throws IOException {
            return Math.max(super.size(), part.end());
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (position >= part.end()) {
                return super.read(target, position);
            }
            if (position >= part.from()) {
                int at = (int) (position - part.from());
                int length = Math.min(target.remaining(), part.bytes().limit() - at);
                target.put(part.bytes().duplicate().limit(at + length).position(at));
                return length;
            }
            int limit = target.limit();
            target.limit((int) Math.min(limit, target.position() + part.from() - position));
            try {
                int read = super.read(target, position);
                return read < 0 ? zeros(target, part.from() - position) : read;
            } finally {
                target.limit(limit);
            }
        }

        /** The file ends before what is staged. */
        private static int zeros(ByteBuffer target, long most) {
            int length = (int) Math.min(target.remaining(), most);
            for (int i = 0; i < length; i++) {
                target.put((byte) 0);
            }
            return length;
        }
    }
}
