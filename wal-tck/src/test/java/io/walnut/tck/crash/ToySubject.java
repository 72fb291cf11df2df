package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Storage;
import io.walnut.tck.crash.toy.Flaw;
import io.walnut.tck.crash.toy.ToyLog;

/** The toy log with a flaw. */
final class ToySubject implements CrashSubject {
    private final Flaw flaw;
    private final Promise promise;

    ToySubject(Flaw flaw, Promise promise) {
        this.flaw = flaw;
        this.promise = promise;
    }

    @Override
    public String name() {
        return "toy " + flaw + " " + promise;
    }

    @Override
    public Promise promise() {
        return promise;
    }

    @Override
    public Wal open(Storage disk) {
        return ToyLog.open(disk, flaw, promise == Promise.FORCED);
    }
}
