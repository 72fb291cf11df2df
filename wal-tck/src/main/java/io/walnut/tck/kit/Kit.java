package io.walnut.tck.kit;

import java.util.Random;

/** What all kits have in common: a configuration, and a seed for whatever is random. */
public abstract class Kit {
    private static final long DEFAULT_SEED = 20_261_121L;

    private Configuration configuration = Configuration.DEFAULTS;

    /** For subclasses. */
    protected Kit() {}

    final void use(Configuration given) {
        configuration = given;
    }

    /** {@return over which configuration the kit is run: the one that {@link Configurations} gives, else the defaults} */
    protected final Configuration configuration() {
        return configuration;
    }

    /** {@return the seed of this run, the system property {@code walnut.tck.seed} if it is set} */
    public static long seed() {
        return Long.getLong("walnut.tck.seed", DEFAULT_SEED);
    }

    /** {@return how to repeat what is random, for messages} */
    public static String replay() {
        return "-Dwalnut.tck.seed=" + seed();
    }

    /**
     * A generator of its own for each purpose, so that one rule does not depend on which others ran.
     *
     * @param purpose tells it from others
     * @return a new generator
     */
    public static Random random(String purpose) {
        return new Random(seed() ^ purpose.hashCode());
    }
}
