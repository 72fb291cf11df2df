package io.walnut.api;

import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/** Finds the backend that a configuration names. The same class found on two ways counts once. */
final class Backends {
    private static final String ENGINE = "add io.walnut:wal-engine";

    private final Map<String, WalProvider> found = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    private Backends() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            collect(ServiceLoader.load(WalProvider.class, context));
        }
        ModuleLayer layer = Backends.class.getModule().getLayer();
        if (layer != null) {
            collect(ServiceLoader.load(layer, WalProvider.class));
        }
        collect(ServiceLoader.load(WalProvider.class, Backends.class.getClassLoader()));
    }

    static WalProvider find(WalConfig config) {
        Backends backends = new Backends();
        if (!backends.problems.isEmpty()) {
            throw new WalConfigException(List.copyOf(backends.problems));
        }
        String wanted = config.get(WalConfig.BACKEND).orElse(WalConfig.DEFAULT_BACKEND);
        WalProvider provider = backends.found.get(wanted);
        if (provider == null) {
            throw new WalConfigException(List.of(backends.missing(wanted)));
        }
        return provider;
    }

    private void collect(ServiceLoader<WalProvider> loader) {
        try {
            for (WalProvider provider : loader) {
                WalProvider other = found.putIfAbsent(provider.name(), provider);
                if (other != null && other.getClass() != provider.getClass()) {
                    problems.add(WalConfig.BACKEND + ": two backends are called '" + provider.name() + "': "
                            + describe(other) + ", and " + describe(provider) + "; remove one");
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new WalException(
                    WalException.Reason.PLUGIN,
                    WalException.Outcome.NONE,
                    "a backend on the path cannot be loaded: " + e.getMessage(),
                    e);
        }
    }

    private static String describe(WalProvider provider) {
        Class<?> type = provider.getClass();
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return type.getName() + " from " + (source == null ? type.getModule() : source.getLocation());
    }

    private String missing(String wanted) {
        if (found.isEmpty()) {
            return "no backend is on the class path or module path; " + ENGINE;
        }
        return WalConfig.BACKEND + ": there is no backend '" + wanted + "'; available: "
                + String.join(", ", found.keySet()) + "; "
                + (wanted.equals(WalConfig.DEFAULT_BACKEND)
                        ? ENGINE
                        : "add the artifact that brings it to the class path or module path");
    }
}
