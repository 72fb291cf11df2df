package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairwiseTest {
    private static final Map<String, List<String>> KEYS = new LinkedHashMap<>();

    static {
        KEYS.put("a", List.of("1", "2", "3", "4"));
        KEYS.put("b", List.of("x", "y", "z"));
        KEYS.put("c", List.of("on", "off"));
        KEYS.put("d", List.of("p", "q", "r"));
    }

    private static boolean isPossible(Map<String, String> values) {
        return !("1".equals(values.get("a")) && "z".equals(values.get("b")));
    }

    @Test
    void shouldHoldEveryPairThatCanBeAndNoneThatCannot() {
        List<Configuration> matrix = Pairwise.of(KEYS, PairwiseTest::isPossible);
        for (String one : KEYS.keySet()) {
            for (String other : KEYS.keySet()) {
                for (String value : KEYS.get(one)) {
                    for (String otherValue : KEYS.get(other)) {
                        Map<String, String> pair = new LinkedHashMap<>(Map.of(one, value));
                        pair.put(other, otherValue);
                        boolean there = matrix.stream()
                                .anyMatch(configuration ->
                                        configuration.values().entrySet().containsAll(pair.entrySet()));
                        if (one.equals(other) ? value.equals(otherValue) : isPossible(pair)) {
                            assertTrue(there, () -> "no configuration with " + pair);
                        } else if (!one.equals(other)) {
                            assertTrue(!there, () -> "a configuration with " + pair);
                        }
                    }
                }
            }
        }
        assertTrue(matrix.size() < 20, () -> matrix.size() + " of 72 configurations");
    }

    @Test
    void shouldBeTheSameEachTimeWithDifferentNames() {
        List<Configuration> matrix = Pairwise.of(KEYS, PairwiseTest::isPossible);
        assertEquals(matrix, Pairwise.of(KEYS, PairwiseTest::isPossible));
        assertEquals(
                matrix.size(),
                matrix.stream().map(Configuration::name).distinct().count());
    }
}
