package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.spi.Storage;
import java.util.function.UnaryOperator;

/** An engine with an archive on the same simulated disk. */
final class ArchivingSubject extends LayeredSubject {
    private final CrashSubject plain;

    /**
     * A subject.
     *
     * @param engine archives through {@link BesideArchiverProvider}
     * @param plain opens the archive
     * @param archive what the archiver has instead of the disk
     */
    ArchivingSubject(CrashSubject engine, CrashSubject plain, UnaryOperator<Storage> archive) {
        super(engine, disk -> {
            BesideArchiverProvider.DISK.set(archive.apply(disk));
            return disk;
        });
        this.plain = plain;
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
    public boolean isAdvisory(String file) {
        return file.startsWith(BesideArchiverProvider.PREFIX)
                || super.isAdvisory(file); // what fails there is tried again
    }
}
