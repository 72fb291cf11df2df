package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.engine.format.CheckpointSlot;
import java.util.regex.Pattern;

/** Which names a checkpoint may have. */
final class CheckpointNames {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (CheckpointSlot.MAX_NAME - 1) + "}");
    private static final String RESERVED = "walnut.";

    private CheckpointNames() {}

    /** Refuses what no name of an application can be. */
    static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name for a checkpoint: 1 to "
                    + CheckpointSlot.MAX_NAME + " of the characters A-Z a-z 0-9 . _ -, the first a letter or a digit");
        }
        if (name.startsWith(RESERVED)) {
            throw new IllegalArgumentException("the checkpoint '" + name
                    + "' is not for applications to set: choose a name without '" + RESERVED + "'");
        }
    }

    /** Refuses what an application cannot remove. */
    static void checkRemovable(String name) {
        if (!name.equals(Checkpoints.LOST)) {
            check(name);
        }
    }
}
