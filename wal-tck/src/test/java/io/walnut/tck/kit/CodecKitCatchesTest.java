package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The kit itself under test: each flawed codec is caught by the rule that is meant for it. */
class CodecKitCatchesTest {
    @ParameterizedTest
    @EnumSource(Flaw.class)
    void shouldCatchACodecThat(Flaw flaw) {
        List<String> failed = rulesFailedBy(flaw);
        assertTrue(
                failed.stream().anyMatch(rule -> rule.startsWith("required_" + flaw.rule() + "_")),
                () -> flaw.rule() + " did not catch it; what did: " + failed);
    }

    private static List<String> rulesFailedBy(Flaw flaw) {
        FlawedKit.flaw = flaw;
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(FlawedKit.class))
                .build();
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build();
        LauncherFactory.create(config).execute(request, summary);
        return summary.getSummary().getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName())
                .toList();
    }

    /** Nested, so that it is run by the test above alone. */
    static class FlawedKit extends CodecKit {
        private static Flaw flaw;

        @Override
        protected CodecProvider provider() {
            return new FlawedProvider(flaw);
        }
    }

    private record FlawedProvider(Flaw flaw) implements CodecProvider {
        @Override
        public String name() {
            return "deflate";
        }

        @Override
        public int id() {
            return flaw.codec().id();
        }

        @Override
        public Codec create(Settings settings, PluginContext context) {
            return flaw.codec();
        }
    }
}
