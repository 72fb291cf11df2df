package io.walnut.tck.kit;

import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit itself under test: each flawed codec is caught by the rule that is meant for it. */
class CodecKitCatchesTest {
    @ParameterizedTest
    @EnumSource(Flaw.class)
    void shouldCatchACodecThat(Flaw flaw) {
        FlawedKit.flaw = flaw;
        Rules.assertCaught(flaw.rule(), Rules.failedBy(FlawedKit.class));
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
