package io.walnut.tck.disk;

/**
 * What a simulated disk promises, and what it does not. Each freedom that is not taken away here is used.
 *
 * @param name for messages
 * @param sectorBytes what is written whole or, where {@code tearsSectors}, torn: 512 or 4096
 * @param ordersEntries whether creations, renamings and deletions become durable in their order, and a force of a file
 *     makes its own entry durable too, as on ext4; if not, each is lost by itself until the directory is forced
 * @param tearsSectors whether a sector that was being written may hold a mixture or garbage where its bytes changed
 * @param sizeBeforeData whether a file may have grown although what was written there is lost, and reads as zeros
 * @param ordersWrites whether everything becomes durable in the order in which it was written
 * @param mappable whether files can be mapped
 * @param depth how many levels of directories below the disk hold files of which anything can be lost, as 1 for a group of
 *     logs; those that lie deeper are all there or all lost
 */
public record DiskProfile(
        String name,
        int sectorBytes,
        boolean ordersEntries,
        boolean tearsSectors,
        boolean sizeBeforeData,
        boolean ordersWrites,
        boolean mappable,
        int depth) {

    /** Small sectors, nothing but what POSIX promises. */
    public static final DiskProfile STRICT = new DiskProfile("strict", 512, false, false, true, false, false, 0);

    /** As {@link #STRICT}, and sectors tear. */
    public static final DiskProfile TORN = new DiskProfile("torn", 512, false, true, true, false, false, 0);

    /** Large sectors, directory entries in order, as on ext4. */
    public static final DiskProfile EXT4 = new DiskProfile("ext4", 4096, true, false, false, false, false, 0);

    /** Everything in order, the last write torn. */
    public static final DiskProfile ORDERED = new DiskProfile("ordered", 512, true, true, false, true, false, 0);

    /** {@return the same disk, whose files can be mapped} */
    public DiskProfile mapping() {
        return new DiskProfile(
                name + "+map", sectorBytes, ordersEntries, tearsSectors, sizeBeforeData, ordersWrites, true, depth);
    }

    /** {@return the same disk, for a group of logs: each directory is one} */
    public DiskProfile grouped() {
        return new DiskProfile(
                name + "+group", sectorBytes, ordersEntries, tearsSectors, sizeBeforeData, ordersWrites, mappable, 1);
    }

    @Override
    public String toString() {
        return name;
    }
}
