package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a program that may be killed should hold for each key. A change that was under way then may have been made or not.
 *
 * @param <V> what belongs to a key
 */
final class Expected<V> {
    /** A change of the program. */
    interface Change {
        void run() throws IOException;
    }

    private final Map<String, V> values = new HashMap<>();
    private final V absent;
    private String touched = "";
    private V intended;

    /**
     * Nothing yet.
     *
     * @param absent what a key has that has nothing
     */
    Expected(V absent) {
        this.absent = absent;
        this.intended = absent;
    }

    V of(String key) {
        return values.getOrDefault(key, absent);
    }

    /** Makes a change, after which a key has a value. */
    void change(String key, V value, Change change) throws IOException {
        touched = key;
        intended = value;
        change.run();
        values.put(key, value);
    }

    /** Fails if a key may not have what was found. */
    void check(String key, V found) {
        assertTrue(
                found.equals(of(key)) || key.equals(touched) && found.equals(intended),
                () -> String.format("%.20s has %.20s", key, found));
    }
}
