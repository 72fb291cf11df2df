package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the backend that can tell about its parts. */
final class Backend {
    private Backend() {}

    /**
     * The backend that a configuration names.
     *
     * @throws BadInputException if it is not there, or cannot tell
     */
    static BackendProvider of(WalConfig config) {
        String wanted = config.get("wal.backend").orElse("engine");
        List<String> names = new ArrayList<>();
        for (WalProvider provider : ServiceLoader.load(WalProvider.class)) {
            if (provider.name().equals(wanted)) {
                if (provider instanceof BackendProvider backend) {
                    return backend;
                }
                throw new BadInputException("the backend '" + wanted + "' does not tell what it is made of");
            }
            names.add(provider.name());
        }
        throw new BadInputException("wal.backend: there is no backend '" + wanted + "'; available: "
                + (names.isEmpty() ? "none, add io.walnut:wal-engine" : String.join(", ", names)));
    }
}
