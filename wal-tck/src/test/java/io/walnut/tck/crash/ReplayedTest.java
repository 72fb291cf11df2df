package io.walnut.tck.crash;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What campaigns have found stays found, and mended. */
class ReplayedTest {
    private static final Logger QUIET = Logger.getLogger("io.walnut");

    ReplayedTest() {
        QUIET.setLevel(Level.OFF);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // the model did not know where a record is whose append had failed, but which was recovered
                "mapped-zero-always-lz4|torn+map|SYNC,ROTATE,CROSS,REOPEN,DELETE|10|FULL|28|false",
            })
    void whatACampaignFoundIsMended(String token) {
        CrashReplay.run(token, EngineConfigurations::named, new Tally());
    }
}
