package io.walnut.tck.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A matrix of configurations in which every two values of different keys that can go together do so at least once: most
 * faults of configurations need no more than two. Deterministic.
 */
public final class Pairwise {
    private final Map<String, List<String>> keys;
    private final Predicate<Map<String, String>> possible;

    private record Pair(String key, String value, String otherKey, String otherValue) {
        boolean in(Map<String, String> values) {
            return value.equals(values.get(key)) && otherValue.equals(values.get(otherKey));
        }
    }

    private Pairwise(Map<String, List<String>> keys, Predicate<Map<String, String>> possible) {
        this.keys = keys;
        this.possible = possible;
    }

    /**
     * The matrix.
     *
     * @param keys the values that each key can have, in order
     * @param possible whether a configuration, or a part of one that says some of the keys, can be; has to be so that each
     *     possible part can be completed
     * @return configurations that are named after their values
     */
    public static List<Configuration> of(Map<String, List<String>> keys, Predicate<Map<String, String>> possible) {
        return new Pairwise(new LinkedHashMap<>(keys), possible).matrix();
    }

    private List<Configuration> matrix() {
        Set<Pair> open = pairs();
        List<Configuration> matrix = new ArrayList<>();
        while (!open.isEmpty()) {
            Map<String, String> values = new LinkedHashMap<>();
            Pair first = open.iterator().next();
            values.put(first.key, first.value);
            values.put(first.otherKey, first.otherValue);
            complete(values, open);
            open.removeIf(pair -> pair.in(values));
            matrix.add(new Configuration(name(values), values));
        }
        return matrix;
    }

    private Set<Pair> pairs() {
        Set<Pair> pairs = new LinkedHashSet<>();
        List<String> names = List.copyOf(keys.keySet());
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                for (String value : values(names.get(i))) {
                    for (String other : values(names.get(j))) {
                        if (possible.test(Map.of(names.get(i), value, names.get(j), other))) {
                            pairs.add(new Pair(names.get(i), value, names.get(j), other));
                        }
                    }
                }
            }
        }
        return pairs;
    }

    /** Gives each key that is left the value that covers most of the pairs that are left. */
    private void complete(Map<String, String> values, Set<Pair> open) {
        for (String key : keys.keySet()) {
            if (values.containsKey(key)) {
                continue;
            }
            long most = -1;
            Map<String, String> best = Map.of();
            for (String value : values(key)) {
                Map<String, String> tried = new LinkedHashMap<>(values);
                tried.put(key, value);
                if (possible.test(tried)) {
                    long covered = open.stream().filter(pair -> pair.in(tried)).count();
                    if (covered > most) {
                        most = covered;
                        best = tried;
                    }
                }
            }
            if (most < 0) {
                throw new IllegalArgumentException("no value of " + key + " goes with " + values);
            }
            values.putAll(best);
        }
    }

    private List<String> values(String key) {
        return keys.getOrDefault(key, List.of());
    }

    private String name(Map<String, String> values) {
        return String.join(" ", keys.keySet().stream().map(values::get).toList());
    }
}
