package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.engine.EngineProvider;
import io.walnut.spi.LogOpener;
import io.walnut.tck.disk.SimulatedDisk;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The engine in small segments, without threads: work in the background is done at once, and timers never go off. */
public final class EngineOnDisk {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);

    private static final LogOpener OPENER = new EngineProvider()
            .opener(WalConfig.builder(Path.of("simulated"))
                    .storage("memory")
                    .segmentBytes(64 << 10)
                    .fsync("os")
                    .build());

    private static final LogOpener.Background AT_ONCE = new LogOpener.Background() {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void schedule(Runnable task, long nanos) {}
    };

    private EngineOnDisk() {}

    public static Wal open(SimulatedDisk disk) {
        return OPENER.open(disk, CLOCK, AT_ONCE);
    }

    static WalGroup openGroup(SimulatedDisk disk) {
        return OPENER.openGroup(disk, CLOCK, AT_ONCE);
    }
}
