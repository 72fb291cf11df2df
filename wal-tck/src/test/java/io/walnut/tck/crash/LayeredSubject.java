package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Storage;
import java.util.function.UnaryOperator;

/** A subject that has something between itself and the disk; the same in everything else. */
class LayeredSubject implements CrashSubject {
    private final CrashSubject subject;
    private final UnaryOperator<Storage> layer;

    /**
     * A subject.
     *
     * @param subject what is opened
     * @param layer on what, for a disk
     */
    LayeredSubject(CrashSubject subject, UnaryOperator<Storage> layer) {
        this.subject = subject;
        this.layer = layer;
    }

    @Override
    public Wal open(Storage disk) {
        return subject.open(layer.apply(disk));
    }

    @Override
    public Wal openStrictly(Storage disk) {
        return subject.openStrictly(layer.apply(disk));
    }

    @Override
    public boolean leavesDamage() {
        return subject.leavesDamage();
    }

    @Override
    public Wal openLeavingDamage(Storage disk) {
        return subject.openLeavingDamage(layer.apply(disk));
    }

    @Override
    public String name() {
        return subject.name();
    }

    @Override
    public Promise promise() {
        return subject.promise();
    }

    @Override
    public void elapse() {
        subject.elapse();
    }

    @Override
    public boolean maps() {
        return subject.maps();
    }

    @Override
    public boolean retains() {
        return subject.retains();
    }

    @Override
    public int segmentBytes() {
        return subject.segmentBytes();
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return subject.witnessesWhatIsDurable();
    }

    @Override
    public boolean isAdvisory(String file) {
        return subject.isAdvisory(file);
    }
}
