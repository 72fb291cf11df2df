package io.walnut.engine;

import io.walnut.api.Wal;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.config.BackPressure;
import io.walnut.engine.config.EngineKeys;
import io.walnut.engine.config.IoMode;
import io.walnut.engine.config.Required;
import io.walnut.engine.format.LogState;
import io.walnut.engine.log.EngineWal;
import io.walnut.engine.log.LogFiles;
import io.walnut.engine.log.LogOptions;
import io.walnut.engine.log.Patience;
import io.walnut.engine.log.ReadOnlyWal;
import io.walnut.engine.log.Refusal;
import io.walnut.engine.log.RetentionOptions;
import io.walnut.engine.log.Segment;
import io.walnut.engine.log.SegmentCatalog;
import io.walnut.engine.log.StateFile;
import io.walnut.engine.log.StoredCheckpoints;
import io.walnut.engine.log.WitnessFile;
import io.walnut.engine.read.SegmentVerifier;
import io.walnut.engine.read.StoredRecords;
import io.walnut.engine.recovery.Recovered;
import io.walnut.engine.recovery.Recovery;
import io.walnut.engine.recovery.Salvage;
import io.walnut.engine.recovery.StagedStorage;
import io.walnut.engine.recovery.VerifyMode;
import io.walnut.engine.storage.FileStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Meter;
import io.walnut.spi.Preallocator;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFullException;
import io.walnut.spi.StorageLock;
import io.walnut.spi.config.Settings;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The default backend, assembled from its parts: by {@link io.walnut.api.Wal#open}, by a container, by {@link
 * #builder(Path)} or by hand. An engine opens one log at a time; opening recovers it.
 */
public final class Engine {
    private static final int READ_ONLY_ATTEMPTS = 10;

    private final EngineOptions options;
    private final Storage storage;
    private final Codecs codecs;
    private final Preallocator preallocator;
    private final FsyncStrategy fsync;
    private final Meter meter;

    /**
     * An engine from its parts.
     *
     * @param options everything that is no part
     * @param storage where the bytes are; closed with the log
     * @param codecs what compresses values
     * @param preallocator how space is reserved
     * @param fsync when to force
     * @param meter who is told
     */
    @Inject
    public Engine(
            EngineOptions options,
            Storage storage,
            Codecs codecs,
            Preallocator preallocator,
            FsyncStrategy fsync,
            Meter meter) {
        this.options = Objects.requireNonNull(options);
        this.storage =
                storage instanceof FileStorage files ? files.with(options.files()) : Objects.requireNonNull(storage);
        this.codecs = Objects.requireNonNull(codecs);
        this.preallocator = Objects.requireNonNull(preallocator);
        this.fsync = Objects.requireNonNull(fsync);
        this.meter = Objects.requireNonNull(meter);
    }

    /**
     * Starts an engine with the defaults.
     *
     * @param directory the directory of the log
     * @return a builder
     */
    public static EngineBuilder builder(Path directory) {
        return new EngineBuilder(directory);
    }

    /**
     * Recovers and opens the log.
     *
     * @return the open log
     * @throws WalException as {@link io.walnut.api.WalProvider#open}
     */
    public Wal open() {
        Wal wal = openLog();
        warnOfIdleLogs(options.settings(), options.name());
        return wal;
    }

    /** Records are to go by their age, but nothing seals the last segment of a log to which nothing is appended. */
    static void warnOfIdleLogs(Settings settings, String name) {
        if (!settings.get(EngineKeys.RETENTION_AGE).isZero()
                && settings.get(EngineKeys.SEGMENT_AGE).isZero()) {
            System.getLogger("io.walnut.engine")
                    .log(
                            System.Logger.Level.WARNING,
                            "wal.retention.idle log=" + name + ": wal.retention.age deletes sealed segments alone, and"
                                    + " without wal.segment.age the last one of an idle log is never sealed: its records"
                                    + " stay");
        }
    }

    EngineWal openLog() {
        StorageLock lock = null;
        boolean opened = false;
        try {
            LogOptions live = liveOptions();
            requireLog();
            lock = storage.lock(LogFiles.LOCK);
            if (options.settings().get(EngineKeys.RECOVERY_VERIFY) == VerifyMode.FULL) {
                verifyAll();
            }
            Recovered found = Recovery.run(
                    storage,
                    options.workers(),
                    options.settings().get(EngineKeys.RECOVERY),
                    true,
                    live.segmentBytes(),
                    options.settings().get(EngineKeys.QUARANTINE_BYTES));
            UUID log = found.state().current().log();
            StoredCheckpoints checkpoints = StoredCheckpoints.read(storage, log);
            EngineWal.Parts parts = new EngineWal.Parts(
                    options.name(),
                    storage,
                    lock,
                    codecs,
                    meter,
                    live,
                    options.clock(),
                    options.workers(),
                    options.buffers(),
                    options.executor().orElse(null),
                    found.state(),
                    new WitnessFile(storage, options.name(), log, found.witness()),
                    checkpoints,
                    options.archiver(),
                    options.files());
            EngineWal wal = new EngineWal(
                    parts, new SegmentCatalog(found.segments()), found.tail(), checkpoints.noted(found.report()));
            opened = true;
            return wal;
        } catch (WalCorruptException e) {
            Refusal.tell(
                    options.name(),
                    options.settings().get(EngineKeys.NODE_ID),
                    storage.location(),
                    meter,
                    options.clock(),
                    options.workers(),
                    e);
            throw e;
        } catch (IOException e) {
            throw cannotOpen(e);
        } catch (OutOfMemoryError e) {
            throw new WalException(
                    Reason.OUT_OF_MEMORY,
                    Outcome.NONE,
                    "there is not enough memory to open " + storage.location()
                            + "; raise -Xmx or -XX:MaxDirectMemorySize: " + e.getMessage(),
                    e);
        } finally {
            if (!opened) {
                giveUp(lock);
            }
        }
    }

    private void requireLog() throws IOException {
        if (options.settings().get(EngineKeys.DIR_REQUIRE) == Required.LOG
                && storage.list().stream()
                        .noneMatch(name -> name.equals(LogFiles.LOCK)
                                || name.equals(StateFile.NAME)
                                || Segment.numberOf(name) > 0)) {
            throw new NoSuchFileException(
                    storage.location(),
                    null,
                    "there is no log in it, and " + EngineKeys.DIR_REQUIRE.name()
                            + "=log keeps one from being begun: mount its volume, or say 'directory' for the first time");
        }
    }

    /** Before recovery changes anything: refuses damage that it would not look for. */
    private void verifyAll() throws IOException {
        Recovered found =
                Recovery.run(storage, options.workers(), options.settings().get(EngineKeys.RECOVERY), false, 0, 0);
        SegmentVerifier verifier = new SegmentVerifier(storage);
        for (Segment segment : found.segments()) {
            Optional<WalCorruptException> damage = verifier.damageIn(segment);
            if (damage.isPresent()) {
                throw damage.get();
            }
        }
    }

    private static boolean isLog(List<String> names) {
        return names.stream().anyMatch(name -> name.equals(StateFile.NAME) || Segment.numberOf(name) > 0);
    }

    /** A log that was begun in the root of a group would be one that the group refuses. */
    void checkNoGroup() {
        List<String> logs;
        try {
            logs = isLog(storage.list()) ? List.of() : logsInside();
        } catch (IOException e) {
            closeStorage();
            throw cannotOpen(e);
        }
        if (!logs.isEmpty()) {
            closeStorage();
            throw new WalConfigException(List.of("wal.dir: " + storage.location() + " is the root of a group of logs ("
                    + String.join(", ", logs)
                    + "): open it with WalGroup.open, or give the directory of one of them"));
        }
    }

    private List<String> logsInside() throws IOException {
        List<String> logs = new ArrayList<>();
        try {
            for (String name : storage.directories().stream().sorted().toList()) {
                if (isLog(storage.directory(name).list())) {
                    logs.add(name);
                }
            }
        } catch (UnsupportedOperationException e) {
            return List.of(); // a storage without groups
        }
        return logs;
    }

    private void requireThere() {
        try {
            List<String> names = storage.list();
            if (isLog(names) || names.contains(LogFiles.LOCK) && logsInside().isEmpty()) {
                return;
            }
            List<String> logs = logsInside();
            throw new NoSuchFileException(
                    storage.location(),
                    null,
                    logs.isEmpty()
                            ? "there is no log in it"
                            : "it is the root of a group of logs (" + String.join(", ", logs)
                                    + "); give the directory of one of them");
        } catch (IOException e) {
            closeStorage();
            throw cannotOpen(e);
        }
    }

    /**
     * Opens the log for reading only, as it is now. Changes nothing, and tells no meter: who looks at a log is not the log,
     * and beside its writer the same series would be there twice. What is wrong with it is told to the caller alone.
     *
     * @return the log
     * @throws WalException as {@link io.walnut.api.WalProvider#openReadOnly}
     */
    public Wal openReadOnly() {
        Settings settings = options.settings();
        requireThere();
        WalCorruptException last = null;
        for (int attempt = 0; ; attempt++) {
            try {
                Recovered found =
                        Recovery.run(storage, options.workers(), settings.get(EngineKeys.RECOVERY), false, 0, 0);
                LogState state = found.state().current();
                StoredCheckpoints checkpoints = StoredCheckpoints.read(storage, state.log());
                SegmentCatalog catalog = new SegmentCatalog(found.segments());
                return new ReadOnlyWal(
                        options.name(),
                        new StoredRecords(found.storage(), catalog, codecs, settings.get(EngineKeys.MAX_VALUE_BYTES)),
                        state,
                        found.tail().recordsEnd(),
                        checkpoints.noted(found.report()),
                        checkpoints,
                        options.workers(),
                        options.executor().orElse(null),
                        options.files());
            } catch (WalCorruptException e) {
                // a live writer that moves while it is looked at is no damage: that would stand still
                boolean stoodStill = last != null && last.position().equals(e.position());
                if (stoodStill || attempt == READ_ONLY_ATTEMPTS) {
                    closeStorage();
                    throw e;
                }
                last = e;
            } catch (IOException e) {
                if (attempt == READ_ONLY_ATTEMPTS) {
                    closeStorage();
                    throw cannotOpen(e);
                }
            }
        }
    }

    /** Copies what is intact of the log to another one, or only verifies it. */
    Salvager.Report salvage(@Nullable Wal target) {
        StorageLock lock = null;
        try {
            lock = lockOfDamaged();
            return Salvage.run(
                    StagedStorage.of(storage), codecs, options.settings().get(EngineKeys.MAX_VALUE_BYTES), target);
        } catch (IOException e) {
            throw cannotOpen(e);
        } finally {
            giveUp(lock);
        }
    }

    /** Keeps a writer out. Where nothing can be locked because nothing can be written, there is none. */
    private @Nullable StorageLock lockOfDamaged() throws IOException {
        if (!storage.list().contains(LogFiles.LOCK)) {
            return null;
        }
        try {
            return storage.lock(LogFiles.LOCK);
        } catch (IOException e) {
            System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.lock.failed", e);
            return null;
        }
    }

    private LogOptions liveOptions() {
        Settings settings = options.settings();
        IoMode io = settings.get(EngineKeys.IO);
        List<String> problems = Stream.of(io.problemWith(preallocator), io.problemWith(storage))
                .flatMap(Optional::stream)
                .toList();
        if (!problems.isEmpty()) {
            throw new WalConfigException(problems);
        }
        boolean canMap = preallocator.fills() && storage.mappable();
        return new LogOptions(
                settings.get(EngineKeys.NODE_ID),
                canMap && (io == IoMode.MAPPED || io == IoMode.AUTO && !fsync.forcesEachAppend()),
                Math.toIntExact(settings.get(EngineKeys.STAGE_BYTES)),
                Math.toIntExact(settings.get(EngineKeys.SEGMENT_BYTES)),
                Math.toIntExact(settings.get(EngineKeys.RESERVE_BYTES)),
                settings.get(EngineKeys.MAX_KEY_BYTES),
                settings.get(EngineKeys.MAX_VALUE_BYTES),
                Math.toIntExact(settings.get(EngineKeys.CHUNK_BYTES)),
                settings.get(EngineKeys.MAX_BATCH_BYTES),
                settings.get(EngineKeys.MAX_UNSYNCED_BYTES),
                new Patience.Limits(
                        settings.get(EngineKeys.BACK_PRESSURE) == BackPressure.REFUSE,
                        settings.get(EngineKeys.BACK_PRESSURE_TIMEOUT).toNanos(),
                        settings.get(EngineKeys.FULL_RETRY).toNanos(),
                        settings.get(EngineKeys.FULL_RETRY_PAUSE).toNanos()),
                settings.get(EngineKeys.APPEND_SAMPLE),
                preallocator,
                fsync,
                retention(settings));
    }

    static RetentionOptions retention(Settings settings) {
        return new RetentionOptions(
                settings.get(EngineKeys.RETENTION_BYTES),
                settings.get(EngineKeys.RETENTION_AGE),
                settings.get(EngineKeys.RETENTION_EXPIRED),
                settings.get(EngineKeys.RETENTION_CHECKPOINTS),
                settings.get(EngineKeys.RETENTION_HOLD_BYTES),
                settings.get(EngineKeys.RETENTION_HOLD_AGE),
                settings.get(EngineKeys.RETENTION_INTERVAL),
                settings.get(EngineKeys.SEGMENT_AGE),
                settings.get(EngineKeys.CHECKPOINT_INTERVAL));
    }

    private WalException cannotOpen(IOException e) {
        return new WalException(
                e instanceof StorageFullException ? Reason.DISK_FULL : Reason.IO,
                Outcome.NONE,
                "the log in " + storage.location() + " cannot be opened: " + e,
                e);
    }

    private void giveUp(@Nullable StorageLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.unlock.failed", e);
        }
        closeStorage();
    }

    /** Gives up what was assembled and is not opened. */
    void closeStorage() {
        try {
            storage.close();
        } catch (IOException e) {
            System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.close.failed", e);
        }
    }
}
