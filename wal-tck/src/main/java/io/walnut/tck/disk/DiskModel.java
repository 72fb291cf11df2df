package io.walnut.tck.disk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files and names of a disk, and what of them is durable. Names in a directory below are {@code directory/name}. */
final class DiskModel {
    /** A name that was given to a file, taken from it, or both. */
    record Entry(
            int operation,
            @Nullable String removed,
            @Nullable String added,
            int inode) {
        void applyTo(Map<String, Integer> names) {
            if (removed != null) {
                names.remove(removed, inode);
            }
            if (added != null) {
                names.put(added, inode);
            }
        }

        boolean isIn(String directory) {
            String name = added != null ? added : removed;
            return name != null && DiskModel.directoryOf(name).equals(directory);
        }
    }

    final DiskProfile profile;
    final Map<Integer, Inode> inodes = new HashMap<>();
    final TreeMap<String, Integer> names = new TreeMap<>();
    final TreeMap<String, Integer> durableNames = new TreeMap<>();
    final List<Entry> entries = new ArrayList<>();
    private int nextInode = 1;

    DiskModel(DiskProfile profile) {
        this.profile = profile;
    }

    DiskModel copy() {
        DiskModel copy = new DiskModel(profile);
        inodes.forEach((id, inode) -> copy.inodes.put(id, inode.copy()));
        copy.names.putAll(names);
        copy.durableNames.putAll(durableNames);
        copy.entries.addAll(entries);
        copy.nextInode = nextInode;
        return copy;
    }

    static String directoryOf(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    /** Adds a file that is durable. */
    void put(String name, Inode content) {
        inodes.put(content.id, content);
        names.put(name, content.id);
        durableNames.put(name, content.id);
        nextInode = Math.max(nextInode, content.id + 1);
    }

    Inode inode(int id) {
        Inode inode = inodes.get(id);
        if (inode == null) {
            throw new IllegalStateException("no inode " + id);
        }
        return inode;
    }

    int create(int operation, String name) {
        int id = nextInode++;
        inodes.put(id, new Inode(id, profile.sectorBytes()));
        add(new Entry(operation, null, name, id));
        return id;
    }

    void rename(int operation, String from, String to) {
        add(new Entry(operation, from, to, known(from)));
    }

    void delete(int operation, String name) {
        add(new Entry(operation, name, null, known(name)));
    }

    private int known(String name) {
        Integer id = names.get(name);
        if (id == null) {
            throw new IllegalStateException("no file " + name);
        }
        return id;
    }

    private void add(Entry entry) {
        entry.applyTo(names);
        entries.add(entry);
    }

    void force(int id) {
        inode(id).force();
        if (profile.ordersEntries()) {
            int last = -1;
            for (int i = 0; i < entries.size(); i++) {
                if (entries.get(i).inode == id) {
                    last = i;
                }
            }
            for (int i = 0; i <= last; i++) {
                entries.remove(0).applyTo(durableNames);
            }
        }
    }

    void forceDirectory(String directory) {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (profile.ordersEntries() || entry.isIn(directory)) {
                entry.applyTo(durableNames);
                each.remove();
            }
        }
    }

    /** {@return whether a crash can take a name from its file} */
    boolean isNamePending(String name) {
        Integer id = names.get(name);
        return id != null && !id.equals(durableNames.get(name));
    }

    /** {@return whether a crash can take what was written to the file with this name} */
    boolean isContentPending(String name) {
        Integer id = names.get(name);
        return id != null && inode(id).isDirty();
    }

    /** {@return the disk as it is if the power is cut now and nothing that was not forced got through} */
    DiskModel durable() {
        DiskModel image = new DiskModel(profile);
        durableNames.forEach((name, id) -> {
            Inode file = inode(id);
            image.put(name, file.image(id, Map.of(), 0, false, Map.of()));
        });
        return image;
    }

    long fingerprint() {
        long hash = 1;
        for (Map.Entry<String, Integer> each : names.entrySet()) {
            Inode file = inode(each.getValue());
            hash = hash * 0x9E3779B97F4A7C15L + each.getKey().hashCode();
            hash = hash * 0x9E3779B97F4A7C15L + Fingerprint.of(file.current, file.size);
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
