package io.walnut.tck.disk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file without its name: what is on the device, what a reader sees, and between them the versions of each sector and
 * of the size that could have reached the device by themselves.
 */
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"}) // arrays are shared until they are written
final class Inode {
    /** What a sector held after an operation. In limbo after a failed force: it may be there, and no force puts it there. */
    record Version(int operation, byte[] bytes, boolean limbo) {}

    /** What the size was after an operation. */
    record Size(int operation, int size, boolean limbo) {}

    private static final byte[] ZEROS = new byte[4096];

    final int id;
    final int sector;
    byte[] durable;
    int durableSize;
    byte[] current;
    int size;
    final TreeMap<Integer, List<Version>> pending = new TreeMap<>();
    final List<Size> sizes = new ArrayList<>();

    Inode(int id, int sector) {
        this(id, sector, new byte[0], 0);
    }

    Inode(int id, int sector, byte[] content, int size) {
        this.id = id;
        this.sector = sector;
        this.durable = content;
        this.durableSize = size;
        this.current = content;
        this.size = size;
    }

    private Inode(Inode other) {
        this(other.id, other.sector, other.durable, other.durableSize);
        current = other.current;
        size = other.size;
        for (Map.Entry<Integer, List<Version>> each : other.pending.entrySet()) {
            pending.put(each.getKey(), new ArrayList<>(each.getValue()));
        }
        sizes.addAll(other.sizes);
        other.shared = true;
        shared = true;
    }

    /** Whether the arrays may be held by a copy too, so that they must not be changed in place. */
    private boolean shared = true;

    Inode copy() {
        return new Inode(this);
    }

    /** Makes the arrays this file's own, and {@code current} large enough. */
    private void own(int needed) {
        if (shared || current == durable) {
            durable = durable.clone();
        }
        int capacity = (Math.max(current.length, needed) + 4095) / 4096 * 4096;
        if (shared || capacity > current.length) {
            current = Arrays.copyOf(current, capacity);
        }
        shared = false;
    }

    void write(int operation, long position, byte[] bytes) {
        int from = Math.toIntExact(position);
        int to = Math.addExact(from, bytes.length);
        own(to);
        System.arraycopy(bytes, 0, current, from, bytes.length);
        if (to > size) {
            grow(operation, to);
        }
        changed(operation, from, to);
    }

    void truncate(int operation, long newSize) {
        int to = Math.toIntExact(newSize);
        own(to);
        if (to > size) {
            grow(operation, to);
        } else if (to < size) {
            int was = size;
            Arrays.fill(current, to, was, (byte) 0);
            size = to;
            sizes.add(new Size(operation, to, false));
            changed(operation, to, was);
        }
    }

    private void grow(int operation, int to) {
        size = to;
        sizes.add(new Size(operation, to, false));
    }

    private void changed(int operation, int from, int to) {
        for (int at = from / sector; at * sector < to; at++) {
            List<Version> versions = pending.get(at);
            Version last = versions == null ? null : versions.get(versions.size() - 1);
            boolean same = last == null ? isDurable(at) : !last.limbo && holds(at, last.bytes);
            if (!same) {
                pending.computeIfAbsent(at, key -> new ArrayList<>())
                        .add(new Version(operation, sectorOf(current, at), false));
            }
        }
    }

    private boolean holds(int at, byte[] bytes) {
        int from = at * sector;
        return Arrays.equals(current, from, from + sector, bytes, 0, sector);
    }

    private boolean isDurable(int at) {
        int from = at * sector;
        int end = from + sector;
        int there = Math.max(from, Math.min(end, durable.length));
        return (there == from || Arrays.equals(current, from, there, durable, from, there))
                && Arrays.equals(current, there, end, ZEROS, 0, end - there);
    }

    /** {@return a sector of an array, zeros beyond its end} */
    byte[] sectorOf(byte[] content, int at) {
        byte[] bytes = new byte[sector];
        int from = at * sector;
        if (from < content.length) {
            System.arraycopy(content, from, bytes, 0, Math.min(sector, content.length - from));
        }
        return bytes;
    }

    boolean isDirty() {
        return !sizes.stream().allMatch(Size::limbo)
                || pending.values().stream().anyMatch(each -> !each.get(each.size() - 1).limbo);
    }

    /** What was written since the last force becomes durable; what is in limbo stays there. */
    void force() {
        boolean resized = !sizes.stream().allMatch(Size::limbo);
        force(0, Integer.MAX_VALUE);
        if (resized) {
            durableSize = size;
            sizes.clear();
        }
    }

    /** What was written into a range since the last force becomes durable, and the size up to there. */
    void force(int from, int to) {
        own(size);
        List<Integer> forced = new ArrayList<>();
        int first = from / sector;
        int behind = Math.max(first, (int) ((to + (long) sector - 1) / sector));
        for (Map.Entry<Integer, List<Version>> each :
                pending.subMap(first, behind).entrySet()) {
            Version newest = each.getValue().get(each.getValue().size() - 1);
            if (!newest.limbo) {
                put(each.getKey(), newest.bytes);
                forced.add(each.getKey());
            }
        }
        forced.forEach(pending::remove);
        if (!forced.isEmpty()) {
            int end = Math.min(size, (forced.get(forced.size() - 1) + 1) * sector);
            durableSize = Math.max(durableSize, end);
        }
    }

    private void put(int at, byte[] bytes) {
        int end = (at + 1) * sector;
        if (durable.length < end) {
            durable = Arrays.copyOf(durable, Math.max(end, current.length));
        }
        System.arraycopy(bytes, 0, durable, at * sector, sector);
    }

    /** A force failed: what was written since the last one may have reached the device, and is never written again. */
    void limbo() {
        for (List<Version> versions : pending.values()) {
            versions.replaceAll(each -> new Version(each.operation, each.bytes, true));
        }
        sizes.replaceAll(each -> new Size(each.operation, each.size, true));
    }

    /** {@return its bytes as a reader sees them} */
    byte[] bytes() {
        return Arrays.copyOf(current, size);
    }

    /**
     * What the device holds if so many versions of each sector and of the size got there.
     *
     * @param chosen for each pending sector how many of its versions; absent for all
     * @param sizesThere how many of the sizes
     * @param whole whether the file cannot be longer than the data that got there
     * @param torn for each sector what it holds instead, if it was torn
     */
    Inode image(int newId, Map<Integer, Integer> chosen, int sizesThere, boolean whole, Map<Integer, byte[]> torn) {
        int newSize = sizesThere == 0 ? durableSize : sizes.get(sizesThere - 1).size;
        int[] counts = new int[pending.size()];
        int index = 0;
        for (Map.Entry<Integer, List<Version>> each : pending.entrySet()) {
            counts[index++] =
                    possible(each.getKey(), each.getValue(), chosen.getOrDefault(each.getKey(), 0), sizesThere);
        }
        if (whole && newSize > durableSize) {
            index = 0;
            for (Map.Entry<Integer, List<Version>> each : pending.entrySet()) {
                int start = each.getKey() * sector;
                if (start >= durableSize && counts[index] == 0) {
                    newSize = Math.min(newSize, Math.max(durableSize, start));
                }
                index++;
            }
        }
        byte[] content = Arrays.copyOf(durable, newSize);
        index = 0;
        for (Map.Entry<Integer, List<Version>> each : pending.entrySet()) {
            int count = counts[index++];
            byte @Nullable [] bytes = torn.get(each.getKey());
            if (bytes == null && count > 0) {
                bytes = each.getValue().get(count - 1).bytes;
            }
            int start = each.getKey() * sector;
            if (bytes != null && start < newSize) {
                System.arraycopy(bytes, 0, content, start, Math.min(sector, newSize - start));
            }
        }
        return new Inode(newId, sector, content, newSize);
    }

    /** A sector that was cut off holds zeros exactly if the cut got there. */
    private int possible(int at, List<Version> versions, int count, int sizesThere) {
        int result = count;
        for (int i = 0; i < sizes.size(); i++) {
            Size each = sizes.get(i);
            int before = i == 0 ? durableSize : sizes.get(i - 1).size;
            if (each.size < before && at * sector >= each.size) {
                int older = 0;
                while (older < versions.size() && versions.get(older).operation < each.operation) {
                    older++;
                }
                boolean there = i < sizesThere;
                boolean zeroed = older < versions.size() && versions.get(older).operation == each.operation;
                result = there ? Math.max(result, zeroed ? older + 1 : older) : Math.min(result, older);
            }
        }
        return Math.min(result, versions.size());
    }
}
