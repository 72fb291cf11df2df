package io.walnut.tck.wal;

import io.walnut.api.WalProvider;
import io.walnut.engine.EngineProvider;
import io.walnut.tck.crash.Budget;
import io.walnut.tck.kit.Configuration;
import io.walnut.tck.kit.ConfigurationSource;
import io.walnut.tck.kit.Configurations;
import io.walnut.tck.kit.Pairwise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every two values of the engine's parts, its writer and its segments that can go together: some of these configurations
 * each day, all of them with {@code -Dwalnut.crash.full=true}.
 */
@Configurations(EngineMatrixTest.Matrix.class)
class EngineMatrixTest extends WalKit {
    @Override
    protected WalProvider provider() {
        return new EngineProvider();
    }

    static class Matrix implements ConfigurationSource {
        private static final int CONFIGURATIONS = 2;

        @Override
        public List<Configuration> configurations(ExtensionContext context) {
            Map<String, List<String>> keys = new LinkedHashMap<>();
            keys.put("wal.storage", List.of("file", "memory"));
            keys.put("wal.io", List.of("mapped", "channel"));
            keys.put("wal.preallocator", List.of("zero", "none", "sparse", "native"));
            keys.put("wal.fsync", List.of("always", "batch", "os"));
            keys.put("wal.codec", List.of("none", "lz4", "zstd"));
            keys.put("wal.meter", List.of("none", "jfr", "log", "otel"));
            keys.put("wal.segment.bytes", List.of("65536", "1048576", "134217728"));
            Budget budget = Budget.fromProperties();
            System.out.println("EngineMatrixTest: " + budget);
            return budget.choose(Pairwise.of(keys, Matrix::isPossible), CONFIGURATIONS, 0);
        }

        private static boolean isPossible(Map<String, String> values) {
            boolean mapped = "mapped".equals(values.get("wal.io"));
            boolean filled = values.getOrDefault("wal.preallocator", "zero").equals("zero");
            return !mapped || filled && !"memory".equals(values.get("wal.storage"));
        }
    }
}
