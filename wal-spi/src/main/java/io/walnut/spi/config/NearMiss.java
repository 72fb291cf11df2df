package io.walnut.engine.config;

import java.util.Collection;

/** Guesses which key was meant. */
final class NearMiss {
    private NearMiss() {}

    /** {@return the known key that takes the fewest changes to get to, if that is few; else an empty string} */
    static String of(String key, Collection<String> known) {
        String best = "";
        int fewest = Math.max(2, key.length() / 4) + 1;
        for (String candidate : known) {
            int changes = distance(key, candidate);
            if (changes < fewest) {
                fewest = changes;
                best = candidate;
            }
        }
        return best;
    }

    /** The edit distance of Levenshtein. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
