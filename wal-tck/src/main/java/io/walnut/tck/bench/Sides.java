package io.walnut.tck.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Walnut and what it is compared with.
 *
 * @param walnut the log
 * @param limits what it is compared with, in the order of {@link Case#limits()}
 */
record Sides(Side walnut, List<Side> limits) {
    Sides(Side walnut, Side... limits) {
        this(walnut, List.of(limits));
    }

    /** {@return all of them, the log first} */
    List<Side> all() {
        List<Side> all = new ArrayList<>(List.of(walnut));
        all.addAll(limits);
        return all;
    }
}
