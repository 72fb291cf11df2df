package io.walnut.engine.group;

import io.walnut.api.WalConfigException;
import java.util.List;
import java.util.regex.Pattern;

/** What the logs of a group may be called, so that a name is one directory, and the same one on every file system. */
public final class LogName {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,99}");
    private static final Pattern RESERVED = Pattern.compile("lock|con|prn|aux|nul|com[0-9]|lpt[0-9]");
    private static final Pattern PARTITION = Pattern.compile("-[0-9]+$");

    private LogName() {}

    /** {@return whether a log may be called so} */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches() && !RESERVED.matcher(name).matches();
    }

    static void check(String name) {
        if (!isValid(name)) {
            throw new WalConfigException(List.of("a log cannot be called '" + name + "': "
                    + (RESERVED.matcher(name).matches()
                            ? "that name is reserved"
                            : "a name is 1 to 100 of a-z, 0-9, '-' and '_', and begins with a letter or digit")));
        }
    }

    /** {@return the name without the number of a partition} */
    public static String topicOf(String name) {
        return PARTITION.matcher(name).replaceFirst("");
    }
}
