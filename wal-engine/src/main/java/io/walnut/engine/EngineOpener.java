package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalGroup;
import io.walnut.engine.config.ResolvedConfig;
import io.walnut.engine.log.LogFiles;
import io.walnut.engine.log.WitnessFile;
import io.walnut.engine.log.Workers;
import io.walnut.engine.plugin.PluginKind;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.LogOpener;
import io.walnut.spi.Meter;
import io.walnut.spi.PluginContext;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Salvager;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** The engine with everything but its disk, clock and threads. */
final class EngineOpener implements LogOpener {
    private final WalConfig config;
    private final EngineOptions options;
    private final Codecs codecs;
    private final Preallocator preallocator;
    private final FsyncStrategy fsync;
    private final Meter meter;

    EngineOpener(WalConfig config) {
        this.config = config;
        ResolvedConfig resolved = ResolvedConfig.elsewhere(config);
        EngineOptions own = EngineOptions.of(resolved.settings(), config);
        PluginContext context = own.context();
        codecs = resolved.codecs(context);
        preallocator = resolved.create(PluginKind.PREALLOCATOR, Preallocator.class, context);
        fsync = resolved.create(PluginKind.FSYNC, FsyncStrategy.class, context);
        meter = resolved.create(PluginKind.METER, Meter.class, context);
        options = own.withArchiver(resolved.create(PluginKind.ARCHIVER, SegmentArchiver.class, context));
    }

    @Override
    public Wal open(Storage storage, Clock clock, Background background) {
        EngineOptions on = options.withClock(clock).withWorkers(workers(background, clock));
        return new Engine(on, storage, codecs, preallocator, fsync, meter).open();
    }

    @Override
    public Salvager.Report salvage(Storage damaged, Wal target) {
        return new Engine(options, damaged, codecs, preallocator, fsync, meter).salvage(target);
    }

    @Override
    public WalGroup openGroup(Storage root, Clock clock, Background background) {
        return GroupAssembly.elsewhere(config)
                .open(root, clock, workers(background, clock), background::execute, System::nanoTime, () -> {});
    }

    /** Where timers are given, the clock that is given with them shows the time that passes. */
    private static Workers workers(Background background, Clock clock) {
        return Workers.on(
                background::execute, background::schedule, () -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
    }

    @Override
    public boolean isAdvisory(String file) {
        return file.equals(WitnessFile.NAME) || file.equals(LogFiles.STAGE);
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return true;
    }

    @Override
    public boolean retains() {
        return Engine.retention(options.settings()).deletes();
    }
}
