package io.walnut.tck.wal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.api.WalProvider;
import io.walnut.engine.EngineProvider;
import io.walnut.tck.kit.Daily;
import io.walnut.tck.kit.Rules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit for backends under test: each flawed log is caught by the rule that is meant for it. */
class WalKitCatchesTest {
    static List<WalFlaw> flaws() {
        return Daily.share(WalKitCatchesTest.class, List.of(WalFlaw.values()), 10, 33);
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void shouldCatchALogThat(WalFlaw flaw) {
        FlawedKit.flaw = flaw;
        Map<String, String> failed = Rules.failedBy(FlawedKit.class, flaw.theme());
        Rules.assertCaught(flaw.rule(), failed);
        assertTrue(failed.values().stream().noneMatch("null"::equals), () -> "a failure without a message: " + failed);
    }

    /** Nested, so that it is run by the test above alone, one theme at a time. */
    static class FlawedKit extends WalKit {
        private static WalFlaw flaw;

        @Override
        protected WalProvider provider() {
            return new FlawedProvider(flaw);
        }
    }

    private record FlawedProvider(WalFlaw flaw) implements WalProvider {
        private static final EngineProvider ENGINE = new EngineProvider();

        @Override
        public String name() {
            return "engine";
        }

        @Override
        public Wal open(WalConfig config) {
            return flaw.in(ENGINE, config);
        }

        @Override
        public WalGroup openGroup(WalConfig config) {
            return flaw.groupIn(ENGINE, config);
        }

        @Override
        public Wal openReadOnly(WalConfig config) {
            return ENGINE.openReadOnly(inMemory(config));
        }
    }

    /** In memory, which is quicker. */
    static WalConfig inMemory(WalConfig config) {
        Map<String, String> values = new TreeMap<>(config.toMap());
        values.putIfAbsent("wal.storage", "memory");
        WalConfig.Builder builder = WalConfig.from(values).toBuilder();
        config.executor().ifPresent(builder::executor);
        return builder.build();
    }
}
