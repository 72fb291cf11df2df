package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Storage;
import java.util.function.UnaryOperator;

/** An engine with an archive on the same simulated disk. */
final class ArchivingSubject implements CrashSubject {
    private final CrashSubject engine;
    private final CrashSubject plain;
    private final UnaryOperator<Storage> archive;

    /**
     * A subject.
     *
     * @param engine archives through {@link BesideArchiverProvider}
     * @param plain opens the archive
     * @param archive what the archiver has instead of the disk
     */
    ArchivingSubject(CrashSubject engine, CrashSubject plain, UnaryOperator<Storage> archive) {
        this.engine = engine;
        this.plain = plain;
        this.archive = archive;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Promise promise() {
        return engine.promise();
    }

    @Override
    public Wal open(Storage disk) {
        BesideArchiverProvider.DISK.set(archive.apply(disk));
        return engine.open(disk);
    }

    @Override
    public Wal openStrictly(Storage disk) {
        BesideArchiverProvider.DISK.set(archive.apply(disk));
        return engine.openStrictly(disk);
    }

    @Override
    public boolean archives() {
        return true;
    }

    @Override
    public Wal openArchive(Storage disk) {
        return plain.open(BesideArchiverProvider.archiveOf(disk));
    }

    @Override
    public void elapse() {
        engine.elapse();
    }

    @Override
    public boolean maps() {
        return engine.maps();
    }

    @Override
    public boolean retains() {
        return engine.retains();
    }

    @Override
    public int segmentBytes() {
        return engine.segmentBytes();
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return engine.witnessesWhatIsDurable();
    }

    @Override
    public boolean isAdvisory(String file) {
        return file.startsWith(BesideArchiverProvider.PREFIX)
                || engine.isAdvisory(file); // what fails there is tried again
    }
}
