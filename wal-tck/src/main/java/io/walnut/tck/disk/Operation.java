package io.walnut.tck.disk;

/**
 * One operation on a simulated disk.
 *
 * @param index how many operations came before
 * @param kind what it was
 * @param file the file; for a renaming the old name; empty for the directory
 * @param offset where in the file, 0 if that means nothing
 * @param length how many bytes, or the new size
 * @param note the new name, {@link #ZEROS}, or the fault that was injected; else empty
 */
public record Operation(int index, Kind kind, String file, long offset, long length, String note) {
    /** Notes that only zeros were written. */
    public static final String ZEROS = "(zeros)";

    /** What an operation does. */
    public enum Kind {
        /** Lists the names. */
        LIST(false, false),
        /** Creates a file. */
        CREATE(true, true),
        /** Opens a file. */
        OPEN(false, false),
        /** Reads. */
        READ(false, false),
        /** Writes. */
        WRITE(true, true),
        /** A store into mapped memory, found when the memory was looked at. */
        STORE(true, false),
        /** Forces a file. */
        FORCE(true, true),
        /** Cuts or extends a file. */
        TRUNCATE(true, false),
        /** Reserves space. */
        ALLOCATE(true, true),
        /** Maps a file. */
        MAP(false, true),
        /** Renames a file. */
        RENAME(true, false),
        /** Deletes a file. */
        DELETE(true, false),
        /** Forces the directory. */
        FORCE_DIRECTORY(true, true),
        /** Takes the lock. */
        LOCK(false, false);

        private final boolean changes;
        private final boolean needsSpace;

        Kind(boolean changes, boolean needsSpace) {
            this.changes = changes;
            this.needsSpace = needsSpace;
        }

        /** {@return whether it can change what a crash leaves} */
        public boolean changes() {
            return changes;
        }

        /** {@return whether it can fail for want of space} */
        public boolean needsSpace() {
            return needsSpace;
        }

        /** {@return whether it makes something durable} */
        public boolean forces() {
            return this == FORCE || this == FORCE_DIRECTORY;
        }
    }

    @Override
    public String toString() {
        String where = kind == Kind.WRITE || kind == Kind.STORE || kind == Kind.READ
                ? " @" + offset + "+" + length
                : kind == Kind.TRUNCATE ? " to " + length : "";
        return index + " " + kind + (file.isEmpty() ? "" : " " + file) + where + (note.isEmpty() ? "" : " " + note);
    }
}
