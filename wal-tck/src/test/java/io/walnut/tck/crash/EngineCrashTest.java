package io.walnut.tck.crash;

import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** The engine: both writers, every policy, preallocator and codec. */
@ExtendWith(Quiet.class)
class EngineCrashTest extends CrashKit {
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
