package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.spi.BackendProvider;
import java.util.List;

/** Asks a backend what is wrong with a configuration. */
final class ConfigCheck {
    private ConfigCheck() {}

    /** {@return everything that is wrong, one sentence each; a missing directory is not} */
    static List<String> problems(BackendProvider backend, WalConfig config) {
        WalConfig complete = config.get("wal.dir").isPresent()
                ? config
                : config.toBuilder().set("wal.dir", ".").build();
        try {
            backend.check(complete);
            return List.of();
        } catch (WalConfigException e) {
            return e.problems();
        }
    }
}
