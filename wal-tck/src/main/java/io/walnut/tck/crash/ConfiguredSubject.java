package io.walnut.tck.crash;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.spi.BackendProvider;
import io.walnut.spi.LogOpener;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A log as a configuration assembles it, without threads: what it does in the background is done at once. */
public final class ConfiguredSubject implements CrashSubject {
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final Instant START = Instant.ofEpochSecond(1_800_000_000);
    private static final Duration ELAPSED = Duration.ofMinutes(1);

    private final String name;
    private final Promise promise;
    private final boolean maps;
    private final LogOpener opener;
    private final LogOpener strict;
    private final LogOpener leaving;
    private final boolean salvages;
    private Inline background = new Inline();

    /**
     * A subject.
     *
     * @param name for messages
     * @param backend what is tested
     * @param config how it is made; the directory, the storage, and the size of segments and records are the kit's, so
     *     that a state is small
     * @throws io.walnut.api.WalConfigException with everything that is wrong
     * @throws UnsupportedOperationException if the backend cannot be put on a simulated disk
     */
    public ConfiguredSubject(String name, BackendProvider backend, WalConfig config) {
        WalConfig small = config.toBuilder()
                .set("wal.dir", "simulated")
                .storage("memory")
                .segmentBytes(SEGMENT_BYTES)
                .maxValueBytes(1 << 20)
                .maxUnsyncedBytes(64 << 20)
                .build();
        this.name = name;
        this.promise = switch (config.get("wal.fsync").orElse("batch")) {
            case "always" -> Promise.FORCED;
            case "batch" -> Promise.FORCED_SOON;
            default -> Promise.WRITTEN; // which every strategy keeps
        };
        this.maps = !config.get("wal.io").orElse("auto").equals("channel");
        this.salvages = backend instanceof Salvager;
        this.opener = backend.opener(small.toBuilder().recovery("default").build());
        this.strict = backend.opener(small.toBuilder().recovery("strict").build());
        this.leaving = backend.opener(small.toBuilder().recovery("truncate").build());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Promise promise() {
        return promise;
    }

    @Override
    public boolean maps() {
        return maps;
    }

    @Override
    public int segmentBytes() {
        return SEGMENT_BYTES;
    }

    @Override
    public boolean retains() {
        return opener.retains();
    }

    @Override
    public boolean isAdvisory(String file) {
        return opener.isAdvisory(file);
    }

    @Override
    public boolean witnessesWhatIsDurable() {
        return opener.witnessesWhatIsDurable();
    }

    @Override
    public Wal open(Storage disk) {
        return open(opener, disk);
    }

    @Override
    public Wal openStrictly(Storage disk) {
        return open(strict, disk);
    }

    @Override
    public boolean leavesDamage() {
        return true;
    }

    @Override
    public Wal openLeavingDamage(Storage disk) {
        return open(leaving, disk);
    }

    @Override
    public boolean salvages() {
        return salvages;
    }

    @Override
    public Salvager.Report salvage(Storage disk, Wal target) {
        return opener.salvage(disk, target);
    }

    private Wal open(LogOpener mode, Storage disk) {
        background = new Inline();
        return mode.open(disk, background, background);
    }

    @Override
    public void elapse() {
        background.elapse();
    }

    @Override
    public String toString() {
        return name;
    }

    /** Runs tasks on the calling thread, one after another, and timers when told, which then is a minute later. */
    private static final class Inline extends Clock implements LogOpener.Background {
        private Instant now = START;
        private final List<Runnable> timers = new ArrayList<>();

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void schedule(Runnable task, long nanos) {
            timers.add(task);
        }

        void elapse() {
            now = now.plus(ELAPSED);
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }
    }
}
