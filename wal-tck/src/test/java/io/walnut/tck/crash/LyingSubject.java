package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Storage;

/** The engine on a storage that lies. */
final class LyingSubject implements CrashSubject {
    private final Lie lie;
    private final CrashSubject engine;

    LyingSubject(Lie lie, Promise promise) {
        this.lie = lie;
        String fsync = switch (promise) {
            case FORCED -> "always";
            case FORCED_SOON -> "batch";
            case WRITTEN -> "os";
        };
        this.engine = EngineConfigurations.named("channel-zero-" + fsync + "-none");
    }

    @Override
    public String name() {
        return engine.name() + " on a disk that " + lie;
    }

    @Override
    public Promise promise() {
        return engine.promise();
    }

    @Override
    public Wal open(Storage disk) {
        return engine.open(new LyingStorage(disk, lie));
    }

    @Override
    public Wal openStrictly(Storage disk) {
        return engine.openStrictly(new LyingStorage(disk, lie));
    }

    @Override
    public void elapse() {
        engine.elapse();
    }

    @Override
    public boolean isAdvisory(String file) {
        return engine.isAdvisory(file);
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return engine.witnessesWhatIsDurable();
    }
}
