package example.mvstore;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code wal.backend=mvstore}. */
public class MvProvider implements WalProvider {
    private static final List<String> KEYS =
            List.of("wal.dir", "wal.backend", "wal.record.max.key.bytes", "wal.record.max.value.bytes");

    @Override
    public String name() {
        return "mvstore";
    }

    @Override
    public Wal open(WalConfig config) {
        check(config);
        return new MvWal(store(config), limit(config, KEYS.get(2)), limit(config, KEYS.get(3)), config.executor());
    }

    /** The store of a log. */
    protected MvLog store(WalConfig config) {
        return new MvLog(Path.of(config.get("wal.dir").orElseThrow()));
    }

    @Override
    public Wal openReadOnly(WalConfig config) {
        check(config);
        throw new UnsupportedOperationException("an MVStore is open once at a time");
    }

    /** Refuses what cannot be. */
    protected void check(WalConfig config) {
        List<String> problems = new ArrayList<>();
        config.toMap().forEach((key, value) -> {
            if (!KEYS.contains(key)) {
                problems.add(key + ": there is no such key; there are " + KEYS);
            } else if (key.endsWith(".bytes") && !value.matches("[1-9][0-9]{0,8}")) {
                problems.add(key + ": '" + value + "' is not a number of bytes");
            }
        });
        if (config.get("wal.dir").isEmpty()) {
            problems.add("wal.dir: has to be given");
        }
        if (!problems.isEmpty()) {
            throw new WalConfigException(problems);
        }
    }

    private static int limit(WalConfig config, String key) {
        return config.get(key).map(Integer::parseInt).orElse(16 << 20);
    }
}
