package io.walnut.tck.crash;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Logs say nothing while the tests of a class run, which inject thousands of failures. */
final class Quiet implements BeforeAllCallback, AfterAllCallback {
    private static final Logger LOGS = Logger.getLogger("io.walnut");

    private Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = LOGS.getLevel();
        LOGS.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOGS.setLevel(before);
    }
}
