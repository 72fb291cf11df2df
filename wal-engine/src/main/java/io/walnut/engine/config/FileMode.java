package io.walnut.engine.config;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the permissions of files as the system prints them, {@code rw-r-----}, or as an octal number, {@code 640}. */
public final class FileMode {
    private static final Pattern SYMBOLIC = Pattern.compile("([r-][w-][x-]){3}");
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    private static final PosixFilePermission[] FROM_THE_LOWEST_BIT = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    private FileMode() {}

    /** {@return the permissions that a valid text means} */
    public static Set<PosixFilePermission> parse(String text) {
        if (SYMBOLIC.matcher(text).matches()) {
            return PosixFilePermissions.fromString(text);
        }
        int bits = Integer.parseInt(text, 8);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < FROM_THE_LOWEST_BIT.length; bit++) {
            if ((bits & 1 << bit) != 0) {
                permissions.add(FROM_THE_LOWEST_BIT[bit]);
            }
        }
        return permissions;
    }

    /** {@return what is wrong with a text, or null if it gives the owner what the log needs} */
    static @Nullable String problem(String text, String needed) {
        if (!SYMBOLIC.matcher(text).matches() && !OCTAL.matcher(text).matches()) {
            return "is not a mode like rw-r----- or 640";
        }
        return parse(text).containsAll(parse(needed)) ? null : "takes from the owner what the log needs: " + needed;
    }
}
