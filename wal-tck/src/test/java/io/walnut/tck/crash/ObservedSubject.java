package io.walnut.tck.crash;

import io.walnut.engine.log.ObservedStorage;
import io.walnut.tck.disk.SimulatedDisk;

/** The mapped writer, each store of which is an operation of its own. */
final class ObservedSubject extends LayeredSubject {
    ObservedSubject(String fsync) {
        super(
                EngineConfigurations.named("mapped-zero-" + fsync + "-none"),
                disk -> new ObservedStorage((SimulatedDisk) disk));
    }

    @Override
    public String name() {
        return super.name() + ", store by store";
    }
}
