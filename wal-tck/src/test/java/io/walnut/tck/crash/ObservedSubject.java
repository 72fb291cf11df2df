package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.engine.log.ObservedStorage;
import io.walnut.spi.Storage;
import io.walnut.tck.disk.SimulatedDisk;

/** The mapped writer, each store of which is an operation of its own. */
final class ObservedSubject implements CrashSubject {
    private final CrashSubject engine;

    ObservedSubject(String fsync) {
        engine = EngineConfigurations.named("mapped-zero-" + fsync + "-none");
    }

    @Override
    public String name() {
        return engine.name() + ", store by store";
    }

    @Override
    public Promise promise() {
        return engine.promise();
    }

    @Override
    public boolean maps() {
        return true;
    }

    @Override
    public Wal open(Storage disk) {
        return engine.open(new ObservedStorage((SimulatedDisk) disk));
    }

    @Override
    public Wal openStrictly(Storage disk) {
        return engine.openStrictly(new ObservedStorage((SimulatedDisk) disk));
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
