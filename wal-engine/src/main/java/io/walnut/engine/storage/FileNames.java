package io.walnut.engine.storage;

import java.util.regex.Pattern;

/** The names that files of a storage may have. */
final class FileNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

    private FileNames() {}

    /** {@return whether a file of a storage may have this name; others in its directory are not the storage's} */
    static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    static String check(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not a name for a file: '" + name + "'");
        }
        return name;
    }
}
