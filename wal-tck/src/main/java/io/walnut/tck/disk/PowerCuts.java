package io.walnut.tck.disk;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The states in which a power cut can leave a model. A state is a vector: for each thing that is not durable, how far it
 * got. 0 is not at all.
 */
final class PowerCuts {
    private static final int TEARS = 3;
    private static final int RANDOM = 64;

    /** A thing that is not durable: a sector or the size of a file, or a name. */
    private record Choice(int inode, int sector, int versions, int values, List<Integer> operations) {
        static final int SIZE = -1;
        static final int NAME = -2;
        static final int BELOW = -3;
    }

    private final DiskModel model;
    private final Random random;
    private final long seed;
    private final int exhaustive;
    private final int sampled;
    private final List<Choice> choices = new ArrayList<>();

    PowerCuts(DiskModel model, long seed, int exhaustive, int sampled) {
        this.model = model;
        this.seed = seed;
        this.random = new Random(seed);
        this.exhaustive = Math.max(1, exhaustive);
        this.sampled = sampled;
        collect();
    }

    private void collect() {
        DiskProfile profile = model.profile;
        Set<Integer> reachable = new TreeSet<>();
        Set<Integer> below = new TreeSet<>();
        model.durableNames.forEach((name, id) -> (isBelow(name) ? below : reachable).add(id));
        List<Integer> above = new ArrayList<>();
        for (DiskModel.Entry entry : model.entries) {
            String added = entry.added();
            if (added != null) {
                (isBelow(added) ? below : reachable).add(entry.inode());
            }
            if (added == null || !isBelow(added)) {
                above.add(entry.operation());
            }
        }
        if (profile.ordersEntries()) {
            if (!above.isEmpty()) {
                choices.add(new Choice(0, Choice.NAME, above.size(), above.size() + 1, above));
            }
        } else {
            for (int operation : above) {
                choices.add(new Choice(operation, Choice.NAME, 1, 2, List.of(operation)));
            }
        }
        if (!below.isEmpty()) {
            choices.add(new Choice(0, Choice.BELOW, 1, 2, List.of(Integer.MAX_VALUE)));
        }
        for (int id : reachable) {
            Inode file = model.inode(id);
            if (!file.sizes.isEmpty()) {
                choices.add(new Choice(
                        id,
                        Choice.SIZE,
                        file.sizes.size(),
                        file.sizes.size() + 1,
                        file.sizes.stream().map(Inode.Size::operation).toList()));
            }
            file.pending.forEach((sector, versions) -> choices.add(new Choice(
                    id,
                    sector,
                    versions.size(),
                    versions.size() + 1 + (profile.tearsSectors() ? TEARS : 0),
                    versions.stream().map(Inode.Version::operation).toList())));
        }
    }

    private boolean isBelow(String name) {
        return name.chars().filter(each -> each == '/').count() > model.profile.depth();
    }

    List<CrashState> states() {
        Map<Long, CrashState> states = new LinkedHashMap<>();
        for (int[] vector : vectors()) {
            DiskModel image = image(vector);
            long fingerprint = image.fingerprint();
            if (!states.containsKey(fingerprint)) {
                states.put(fingerprint, new CrashState(name(vector), fingerprint, SimulatedDisk.of(image)));
            }
        }
        return new ArrayList<>(states.values());
    }

    CrashState state(String id) {
        int[] vector = new int[choices.size()];
        String[] parts = id.isEmpty() ? new String[0] : id.split("\\.", -1);
        if (parts.length != vector.length) {
            throw new IllegalArgumentException("there are " + vector.length + " choices here, not " + parts.length);
        }
        for (int i = 0; i < parts.length; i++) {
            vector[i] = Integer.parseInt(parts[i]);
        }
        DiskModel image = image(vector);
        return new CrashState(id, image.fingerprint(), SimulatedDisk.of(image));
    }

    private static String name(int[] vector) {
        StringBuilder name = new StringBuilder();
        for (int value : vector) {
            name.append(name.length() == 0 ? "" : ".").append(value);
        }
        return name.toString();
    }

    private List<int[]> vectors() {
        long product = 1;
        for (Choice choice : choices) {
            product = product > exhaustive ? product : product * choice.values;
        }
        if (model.profile.ordersWrites()) {
            return bounded(inOrder(true), Math.max(exhaustive, sampled));
        }
        if (product <= exhaustive) {
            List<int[]> all = new ArrayList<>();
            for (long number = 0; number < product; number++) {
                int[] vector = new int[choices.size()];
                long rest = number;
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (int) (rest % choices.get(i).values);
                    rest /= choices.get(i).values;
                }
                all.add(vector);
            }
            return all;
        }
        return bounded(structured(), sampled);
    }

    /** Nothing and everything stay; of the others there is a random part. */
    private List<int[]> bounded(List<Supplier<int[]>> all, int limit) {
        if (all.size() > limit) {
            Collections.shuffle(all, random);
        }
        Set<IntBuffer> seen = new HashSet<>(); // which compare by their content
        List<int[]> some = new ArrayList<>(List.of(new int[choices.size()], upTo(Integer.MAX_VALUE)));
        some.removeIf(each -> !seen.add(IntBuffer.wrap(each)));
        for (Supplier<int[]> each : all) {
            if (some.size() >= limit) {
                break;
            }
            int[] vector = each.get();
            if (seen.add(IntBuffer.wrap(vector))) {
                some.add(vector);
            }
        }
        return some;
    }

    /** What was written up to an operation got there; of that operation perhaps a part, in the order of the file. */
    private List<Supplier<int[]>> inOrder(boolean torn) {
        TreeSet<Integer> operations = new TreeSet<>();
        choices.forEach(choice -> operations.addAll(choice.operations));
        List<Supplier<int[]>> all = new ArrayList<>();
        for (int operation : operations) {
            all.add(() -> upTo(operation));
            for (int i = 0; i < choices.size() && torn; i++) {
                int last = i;
                if (choices.get(i).operations.contains(operation)) {
                    all.add(() -> {
                        int[] part = upTo(operation);
                        int[] before = upTo(operation - 1);
                        System.arraycopy(before, last + 1, part, last + 1, part.length - last - 1);
                        return part;
                    });
                }
            }
        }
        return all;
    }

    private int[] upTo(int operation) {
        int[] vector = new int[choices.size()];
        for (int i = 0; i < vector.length; i++) {
            for (int each : choices.get(i).operations) {
                vector[i] += each <= operation || each == Integer.MAX_VALUE ? 1 : 0;
            }
        }
        return vector;
    }

    private List<Supplier<int[]>> structured() {
        List<Supplier<int[]>> all = inOrder(false);
        int[] full = upTo(Integer.MAX_VALUE);
        int n = full.length;
        for (int index = 0; index < n; index++) {
            int i = index;
            all.add(() -> {
                int[] prefix = new int[n];
                System.arraycopy(full, 0, prefix, 0, i);
                return prefix;
            });
            all.add(() -> {
                int[] suffix = full.clone();
                Arrays.fill(suffix, 0, i, 0);
                return suffix;
            });
            all.add(() -> with(full, i, 0));
            all.add(() -> with(new int[n], i, full[i]));
            all.add(() -> with(full, i, random.nextInt(choices.get(i).values)));
        }
        for (int phase = 0; phase < 2; phase++) {
            int from = phase;
            all.add(() -> {
                int[] alternate = full.clone();
                for (int i = from; i < n; i += 2) {
                    alternate[i] = 0;
                }
                return alternate;
            });
        }
        for (int i = 0; i < RANDOM; i++) {
            all.add(() -> with(with(full, random.nextInt(n), 0), random.nextInt(n), 0));
            all.add(() -> {
                int[] any = new int[n];
                int most = 1 + random.nextInt(9);
                for (int j = 0; j < n; j++) {
                    any[j] = random.nextInt(10) < most ? full[j] : random.nextInt(choices.get(j).values);
                }
                return any;
            });
        }
        return all;
    }

    private static int[] with(int[] vector, int index, int value) {
        int[] changed = vector.clone();
        changed[index] = value;
        return changed;
    }

    private DiskModel image(int[] vector) {
        TreeMap<String, Integer> names = new TreeMap<>();
        model.durableNames.forEach((name, id) -> {
            if (!isBelow(name)) {
                names.put(name, id);
            }
        });
        boolean withBelow = false;
        Map<Integer, Map<Integer, Integer>> sectors = new HashMap<>();
        Map<Integer, Map<Integer, byte[]>> torn = new HashMap<>();
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int i = 0; i < vector.length; i++) {
            Choice choice = choices.get(i);
            switch (choice.sector) {
                case Choice.NAME -> {
                    for (DiskModel.Entry entry : model.entries) {
                        if (choice.operations.indexOf(entry.operation()) >= 0
                                && choice.operations.indexOf(entry.operation()) < vector[i]) {
                            entry.applyTo(names);
                        }
                    }
                }
                case Choice.BELOW -> withBelow = vector[i] > 0;
                case Choice.SIZE -> sizes.put(choice.inode, vector[i]);
                default -> {
                    int there = Math.min(vector[i], choice.versions);
                    sectors.computeIfAbsent(choice.inode, key -> new HashMap<>())
                            .put(choice.sector, there);
                    if (vector[i] > choice.versions) {
                        torn.computeIfAbsent(choice.inode, key -> new HashMap<>())
                                .put(choice.sector, tear(choice, vector[i] - choice.versions));
                    }
                }
            }
        }
        if (withBelow) {
            model.names.forEach((name, id) -> {
                if (isBelow(name)) {
                    names.put(name, id);
                }
            });
        }
        DiskModel image = new DiskModel(model.profile);
        boolean whole = !model.profile.sizeBeforeData();
        int next = 1;
        for (Map.Entry<String, Integer> each : names.entrySet()) {
            Inode file = model.inode(each.getValue());
            boolean everything = isBelow(each.getKey());
            image.put(
                    each.getKey(),
                    everything
                            ? new Inode(next++, file.sector, file.bytes(), file.size)
                            : file.image(
                                    next++,
                                    sectors.getOrDefault(file.id, Map.of()),
                                    sizes.getOrDefault(file.id, 0),
                                    whole,
                                    torn.getOrDefault(file.id, Map.of())));
        }
        return image;
    }

    /** Where the bytes of a sector changed: the first half of them new, the second half new, or garbage. */
    private byte[] tear(Choice choice, int how) {
        Inode file = model.inode(choice.inode);
        List<Inode.Version> versions = file.pending.get(choice.sector);
        byte[] before = file.sectorOf(file.durable, choice.sector);
        if (versions == null) {
            return before;
        }
        byte[] after = versions.get(versions.size() - 1).bytes();
        int changed = 0;
        for (int i = 0; i < after.length; i++) {
            changed += after[i] != before[i] ? 1 : 0;
        }
        Random garbage = new Random(seed ^ choice.sector);
        byte[] result = after.clone();
        int seen = 0;
        for (int i = 0; i < after.length; i++) {
            if (after[i] != before[i]) {
                boolean firstHalf = seen++ < changed / 2;
                if (how == TEARS) {
                    result[i] = (byte) garbage.nextInt();
                } else if (firstHalf != (how == 1)) {
                    result[i] = before[i];
                }
            }
        }
        return result;
    }
}
