package io.walnut.tck.cli;

import io.walnut.api.WalConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of a log that a tool writes itself: a copy, or a log for a demonstration or a test. It takes over what
 * is needed to read and to store. It leaves out what acts on the world: retention would delete what the tool writes, an
 * archiver would put it among the production copies, and a meter would report it as the log that the file describes.
 */
final class Elsewhere {
    private static final String METER = "wal.meter";
    private static final List<String> ACTING = List.of("wal.archiver", "wal.retention", METER, "wal.dir.require");

    private Elsewhere() {}

    /** {@return the configuration without what acts on the world} */
    static WalConfig of(WalConfig config) {
        return WalConfig.from(of(config.toMap()));
    }

    /** {@return the keys and values without those that act on the world} */
    static Map<String, String> of(Map<String, String> values) {
        Map<String, String> kept = new TreeMap<>(values);
        kept.keySet().removeIf(Elsewhere::acts);
        return kept;
    }

    /** {@return the same for a tool to which the meter is a part to be tested} */
    static Map<String, String> withMeter(Map<String, String> values) {
        Map<String, String> kept = new TreeMap<>(values);
        kept.keySet().removeIf(key -> acts(key) && !isOf(METER, key));
        return kept;
    }

    /** {@return whether a key is about something that acts on the world} */
    private static boolean acts(String key) {
        return ACTING.stream().anyMatch(part -> isOf(part, key));
    }

    private static boolean isOf(String part, String key) {
        return key.equals(part) || key.startsWith(part + ".");
    }
}
