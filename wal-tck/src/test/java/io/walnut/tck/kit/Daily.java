package io.walnut.tck.kit;

import io.walnut.tck.crash.Budget;
import java.util.List;

/** The share of a class's trials that a build makes today, as {@link Budget} chooses it. */
public final class Daily {
    private Daily() {}

    /**
     * Returns today's share of trials, and prints the seed that chose it.
     *
     * @param who the class whose trials they are
     * @param trials all of them
     * @param atLeast how many to choose at the least
     * @param percent how many of a hundred to choose
     */
    public static <T> List<T> share(Class<?> who, List<T> trials, int atLeast, int percent) {
        Budget budget = Budget.fromProperties();
        List<T> share = budget.choose(trials, atLeast, percent);
        System.out.println(who.getSimpleName() + ": " + share.size() + " of " + trials.size() + ", " + budget);
        return share;
    }
}
