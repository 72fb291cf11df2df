package io.walnut.tck.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
final class Checkout {
    private Checkout() {}

    /** {@return the directory that holds the given file, here or further up} */
    static Path rootWith(String file) {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !(Files.exists(at.resolve(file)) && Files.exists(at.resolve("wal-tck")))) {
            at = at.getParent();
        }
        if (at == null) {
            throw new IllegalStateException(
                    "no " + file + " in a checkout at or above " + Path.of("").toAbsolutePath());
        }
        return at;
    }
}
