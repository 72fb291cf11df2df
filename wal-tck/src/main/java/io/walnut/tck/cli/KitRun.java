package io.walnut.tck.cli;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.walnut.tck.kit.Configuration;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/** Runs every suite over configurations with the JUnit Platform. */
final class KitRun {
    private KitRun() {}

    static KitMatrix of(
            List<Configuration> configurations,
            @Nullable String pluginPath,
            List<String> tags,
            Path reports,
            Terminal terminal)
            throws Exception {
        List<Assembled> assembled = new ArrayList<>();
        for (Configuration each : configurations) {
            assembled.add(Assembled.of(each, pluginPath));
        }
        KitMatrix matrix = new KitMatrix(configurations);
        TestExecutionListener xml = new LegacyXmlReportGeneratingListener(
                Files.createDirectories(reports), new PrintWriter(terminal.err()));
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (Class<?> suite : KitSuites.ALL) {
            request.selectors(selectClass(suite));
        }
        if (!tags.isEmpty()) {
            request.filters(TagFilter.includeTags(tags));
        }
        LauncherDiscoveryRequest built = request.build();
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build();
        KitSuites.over(
                assembled, () -> LauncherFactory.create(config).execute(built, new KitListener(matrix, terminal), xml));
        return matrix;
    }
}
