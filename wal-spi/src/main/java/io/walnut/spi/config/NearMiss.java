package io.walnut.spi.config;

import java.util.Collection;

/** Guesses which of the known words was meant: a key, or a value. */
public final class NearMiss {
    private NearMiss() {}

    /**
     * Guesses a word.
     *
     * @param key what was given
     * @param known what could have been given
     * @return the known word that takes the fewest changes to get to, if that is few; else an empty string
     */
    public static String of(String key, Collection<String> known) {
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

    /**
     * Returns a question that ends a message.
     *
     * @param word what was given
     * @param known what could have been given
     * @return {@code "; did you mean …?"}, or an empty string if nothing is near
     */
    public static String question(String word, Collection<String> known) {
        String nearest = of(word, known);
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /**
     * Returns the edit distance of Levenshtein.
     *
     * @param a a word
     * @param b another one
     * @return how many letters have to be changed, added or removed
     */
    public static int distance(String a, String b) {
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
