package io.walnut.tck.crash;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The part of a large set of trials that one run makes: all of them, or a share that a seed chooses. The seed is the
 * day's, so that a build is short and the builds of many days try everything. Two runs with the same seed try the same.
 *
 * @param seed chooses the share, and whatever else is random
 * @param full whether everything is tried
 */
public record Budget(long seed, boolean full) {
    /**
     * Reads the budget from system properties: {@code walnut.crash.seed}, by default the number of today's day in UTC, and
     * {@code walnut.crash.full}.
     */
    public static Budget fromProperties() {
        long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        return new Budget(Long.getLong("walnut.crash.seed", today), Boolean.getBoolean("walnut.crash.full"));
    }

    /**
     * Chooses a share of trials.
     *
     * @param trials all of them, in an order that does not depend on chance
     * @param atLeast how many to choose at the least, if there are as many
     * @param percent how many of a hundred to choose
     * @return all of them if the budget is full; else the share, in the given order
     */
    public <T> List<T> choose(List<T> trials, int atLeast, int percent) {
        int count = Math.max(atLeast, trials.size() * percent / 100);
        if (full || count >= trials.size()) {
            return List.copyOf(trials);
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(seed));
        return numbers.subList(0, count).stream().sorted().map(trials::get).toList();
    }

    /** Returns the system properties that make another run try the same. */
    @Override
    public String toString() {
        return full ? "-Dwalnut.crash.full=true -Dwalnut.crash.seed=" + seed : "-Dwalnut.crash.seed=" + seed;
    }
}
