package io.walnut.engine;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How much of a test a build does: another share each day, chosen by the seed {@code walnut.crash.seed}, or everything
 * with {@code walnut.crash.full=true}.
 */
final class Daily {
    private static final boolean FULL = Boolean.getBoolean("walnut.crash.full");
    private static final long SEED =
            Long.getLong("walnut.crash.seed", LocalDate.now(ZoneOffset.UTC).toEpochDay());

    private Daily() {}

    /** {@return some of the trials, in their order, or all of them; prints the seed that chose them} */
    static <T> List<T> share(Class<?> who, List<T> trials, int count) {
        if (FULL || count >= trials.size()) {
            return trials;
        }
        System.out.println(
                who.getSimpleName() + ": " + count + " of " + trials.size() + ", -Dwalnut.crash.seed=" + SEED);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(SEED));
        return numbers.subList(0, count).stream().sorted().map(trials::get).toList();
    }

    /** {@return how often something is repeated: so often in every build, or so often when everything is tried} */
    static int rounds(int everyBuild, int all) {
        return FULL ? all : everyBuild;
    }
}
