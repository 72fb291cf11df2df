package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.engine.read.SegmentVerifier;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Metrics;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.WalEvent.UpkeepFailed.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Hands sealed segments to the archiver, oldest first, each until it takes it. How far it came is a checkpoint. */
final class Archive {
    private final Storage storage;
    private final SegmentArchiver archiver;
    private final SegmentCatalog catalog;
    private final @Nullable Segment continuable;
    private final long continuableEnd;
    private final Committer committer;
    private final Sealer sealer;
    private final Failure failure;
    private final EngineCheckpoints checkpoints;
    private final Announcer announcer;
    private final LongAdder archived;
    private final LongAdder failures;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * The archive of a log.
     *
     * @param continuable a segment that was found closed, and that this life or a later one may append to; null if there is none
     */
    Archive(
            EngineWal.Parts parts,
            SegmentCatalog catalog,
            @Nullable Segment continuable,
            Committer committer,
            Sealer sealer,
            Failure failure,
            EngineCheckpoints checkpoints,
            Telemetry telemetry,
            Announcer announcer) {
        this.storage = parts.storage();
        this.archiver = parts.archiver();
        this.catalog = catalog;
        this.continuable = continuable;
        this.continuableEnd = continuable == null ? 0 : continuable.chainEnd();
        this.committer = committer;
        this.sealer = sealer;
        this.failure = failure;
        this.checkpoints = checkpoints;
        this.announcer = announcer;
        archived = telemetry.counter(Metrics.SEGMENTS_ARCHIVED);
        failures = telemetry.counter(Metrics.ARCHIVE_FAILURES);
        telemetry.pull(Metrics.ARCHIVE_PENDING, () -> pending().size());
    }

    @SuppressWarnings("ReferenceEquality") // that one object says that nothing is archived
    boolean isOn() {
        return archiver != SegmentArchiver.NONE;
    }

    @SuppressWarnings("ReferenceEquality") // the very segment
    private List<Segment> pending() {
        List<Segment> pending = new ArrayList<>();
        if (isOn()) {
            Position done = checkpoints.snapshot().getOrDefault(Checkpoints.ARCHIVED, Position.START);
            List<Segment> all = catalog.all();
            for (int i = 0; i < all.size(); i++) {
                Segment segment = all.get(i);
                boolean last = i + 1 == all.size();
                boolean mayGoOn = last && segment == continuable && segment.chainEnd() == continuableEnd;
                if (!segment.finished() || mayGoOn) {
                    break;
                }
                if (RetentionRules.end(segment).compareTo(done) > 0) {
                    pending.add(segment);
                }
            }
        }
        return pending;
    }

    /** Archives what is sealed and was not archived, as far as the archiver goes. */
    void run() {
        List<Segment> pending = pending();
        if (pending.isEmpty()) {
            return;
        }
        committer.forceNow();
        sealer.await();
        for (Segment segment : pending) {
            if (failure.isFailed() || isInterrupted() || !archive(segment)) {
                return;
            }
        }
    }

    private boolean archive(Segment segment) {
        long start = System.nanoTime();
        notice(segment);
        try (StorageFile file = new Content(storage.openReadOnly(segment.fileName()))) {
            archiver.archive(segment.info(segment.chainEnd()), file);
        } catch (Throwable e) {
            if (!isInterrupted()) {
                announcer.upkeepFailed(Task.ARCHIVE, failures, RetentionRules.end(segment), e);
            }
            return false;
        }
        checkpoints.archived(RetentionRules.end(segment));
        archived.increment();
        announcer.archived(segment.info(segment.chainEnd()), Duration.ofNanos(System.nanoTime() - start));
        return true;
    }

    /** A copy may soon be all that is left: damage in it is reported, and the copy made all the same. */
    private void notice(Segment segment) {
        try {
            new SegmentVerifier(storage).damageIn(segment).ifPresent(announcer::damaged);
        } catch (IOException e) {
            // the archiver will meet it
        }
    }

    /** The log is being closed or truncated: nothing more is given to the archiver. */
    void interrupt() {
        waiting.incrementAndGet();
    }

    /** The truncation has begun. */
    void resume() {
        waiting.decrementAndGet();
    }

    private boolean isInterrupted() {
        return waiting.get() > 0;
    }

    /** A segment's file, which can be read until the log is being closed, and nothing else. */
    private final class Content extends ForwardingStorageFile {
        Content(StorageFile file) {
            super(file);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (isInterrupted()) {
                throw new IOException("the log is being closed or truncated");
            }
            return super.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            throw readOnly();
        }

        @Override
        public void force() throws IOException {
            throw readOnly();
        }

        @Override
        public void truncate(long size) throws IOException {
            throw readOnly();
        }

        @Override
        public boolean allocate(long from, long to) {
            return false;
        }

        @Override
        public MappedRegion map(long from, long length) throws IOException {
            throw readOnly();
        }

        private IOException readOnly() {
            return new IOException(name() + " belongs to the log: an archiver reads it");
        }
    }
}
