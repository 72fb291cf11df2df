package io.walnut.tck.bench;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens logs with the configuration that was asked for and that of a workload, which wins.
 *
 * @param asked the configuration that was asked for
 * @param quietPauses for how many pauses nothing may go on before a prepared log counts as quiet
 */
record Logs(Map<String, String> asked, int quietPauses) {
    private static final String FSYNC = "wal.fsync";

    /** Opens the log of a directory. */
    Wal open(Path directory, Map<String, String> workload) {
        return Wal.open(config(directory, workload));
    }

    WalConfig config(Path directory, Map<String, String> workload) {
        Map<String, String> values = new TreeMap<>(asked);
        values.putAll(workload);
        values.put("wal.dir", directory.toAbsolutePath().toString());
        return WalConfig.from(values);
    }

    /** {@return the name of a configuration: what the workload says, and everything that was asked for besides} */
    String name(String workload, String... itsKeys) {
        StringBuilder name = new StringBuilder(workload);
        new TreeMap<>(asked).forEach((key, value) -> {
            boolean overruled = key.equals("wal.dir")
                    || key.equals(FSYNC)
                    || List.of(itsKeys).contains(key);
            if (!overruled) {
                name.append(name.length() == 0 ? "" : " ")
                        .append(key.replaceFirst("^wal\\.", ""))
                        .append('=')
                        .append(value);
            }
        });
        return name.toString();
    }

    /** {@return the policy that was asked for; null if none was} */
    @Nullable
    String fsyncAsked() {
        return asked.get(FSYNC);
    }

    static Map<String, String> fsync(String policy) {
        return Map.of(FSYNC, policy);
    }
}
