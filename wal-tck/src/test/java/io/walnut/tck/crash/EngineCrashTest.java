package io.walnut.tck.crash;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The engine: both writers, every policy, preallocator and codec. */
class EngineCrashTest extends CrashKit {
    private static final Logger QUIET = Logger.getLogger("io.walnut");

    EngineCrashTest() {
        QUIET.setLevel(Level.OFF); // thousands of injected failures
    }

    @Override
    protected List<String> configurations() {
        return EngineConfigurations.names();
    }

    @Override
    protected CrashSubject subject(String configuration) {
        return EngineConfigurations.named(configuration);
    }

    @Override
    protected List<String> upkeepConfigurations() {
        return EngineConfigurations.upkeepNames();
    }
}
