package io.walnut.tck.kit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs a kit, and tells which of its rules failed. */
public final class Rules {
    private Rules() {}

    /** {@return the failed rules with their messages} */
    public static Map<String, String> failedBy(Class<?> kit) {
        return failedBy(selectClass(kit));
    }

    /** {@return the failed rules of one theme with their messages} */
    public static Map<String, String> failedBy(Class<?> kit, Class<?> theme) {
        return failedBy(selectNestedClass(List.of(kit), theme));
    }

    private static Map<String, String> failedBy(DiscoverySelector kit) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(kit).build();
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build();
        LauncherFactory.create(config).execute(request, summary);
        if (summary.getSummary().getTestsFoundCount() == 0) {
            throw new AssertionError("no rule was found in " + kit);
        }
        Map<String, String> failed = new LinkedHashMap<>();
        summary.getSummary()
                .getFailures()
                .forEach(failure -> failed.put(
                        failure.getTestIdentifier().getDisplayName(), String.valueOf(failure.getException())));
        return failed;
    }

    /** Fails unless a rule is among those that failed. */
    public static void assertCaught(String rule, Map<String, String> failed) {
        if (failed.keySet().stream().noneMatch(name -> name.matches("[a-z]+_" + rule + "_.*"))) {
            throw new AssertionError(rule + " did not catch it; what did: " + failed);
        }
    }
}
