package io.walnut.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the backend that a configuration names. */
final class Backends {
    private Backends() {}

    static WalProvider find(WalConfig config) {
        String wanted = config.get(WalConfig.BACKEND).orElse(WalConfig.DEFAULT_BACKEND);
        Map<String, WalProvider> found = new LinkedHashMap<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            collect(ServiceLoader.load(WalProvider.class, context), found);
        }
        ModuleLayer layer = Backends.class.getModule().getLayer();
        if (layer != null) {
            collect(ServiceLoader.load(layer, WalProvider.class), found);
        }
        collect(ServiceLoader.load(WalProvider.class, Backends.class.getClassLoader()), found);
        WalProvider provider = found.get(wanted);
        if (provider != null) {
            return provider;
        }
        throw new WalConfigException(List.of(
                found.isEmpty()
                        ? "no backend is on the class path or module path; add io.walnut:wal-engine"
                        : WalConfig.BACKEND + ": there is no backend '" + wanted + "'; available: "
                                + String.join(", ", found.keySet())));
    }

    private static void collect(ServiceLoader<WalProvider> loader, Map<String, WalProvider> found) {
        try {
            for (WalProvider provider : loader) {
                found.putIfAbsent(provider.name(), provider);
            }
        } catch (ServiceConfigurationError e) {
            throw new WalException(
                    WalException.Reason.PLUGIN,
                    WalException.Outcome.NONE,
                    "a backend on the path cannot be loaded: " + e.getMessage(),
                    e);
        }
    }
}
