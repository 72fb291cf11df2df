package io.walnut.tck.crash;

import io.walnut.api.Capability;
import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalState;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Uses a log step by step and keeps the ledger. */
final class Life {
    private static final int SMALL_BYTES = 20;

    final SimulatedDisk disk;
    private final CrashSubject subject;
    private final boolean healthy;
    private final SplittableRandom random;
    private final TraceRules rules;
    private Ledger ledger;
    private @Nullable Wal wal;
    private boolean closedInOrder;
    private int failures;
    private int openedAt;

    /**
     * A life on a disk.
     *
     * @param healthy whether nothing is going to fail, so that nothing may
     */
    Life(CrashSubject subject, SimulatedDisk disk, Ledger ledger, long seed, boolean healthy) {
        this.subject = subject;
        this.disk = disk;
        this.ledger = ledger;
        this.healthy = healthy;
        this.random = new SplittableRandom(seed);
        this.rules = new TraceRules(subject, disk);
    }

    Ledger ledger() {
        return ledger;
    }

    @Nullable
    Wal wal() {
        return wal;
    }

    /** Goes on with a log that is open and has been checked. */
    void adopt(Wal opened) {
        wal = opened;
        openedAt = disk.operations();
    }

    void run(Workload workload) {
        open();
        for (Step step : workload.steps()) {
            step(step);
        }
        Wal open = wal;
        if (open != null && healthy) {
            Oracle.checkRecords(ledger, ledger.bounds(disk.operations(), false), Recovered.read(open), ledger.lowest());
        }
    }

    void step(Step step) {
        if (wal == null && step != Step.CLOSE) {
            open();
        }
        Wal open = wal;
        if (open == null) {
            return;
        }
        switch (step) {
            case SMALL -> append(open, SMALL_BYTES);
            case CROSS -> append(open, disk.profile().sectorBytes() + 88);
            case LARGE -> append(open, 4 * disk.profile().sectorBytes() + 300);
            case BATCH -> batch(open);
            case STREAM -> stream(open);
            case SYNC -> sync(open);
            case ROTATE -> append(open, subject.segmentBytes() + 4096);
            case DELETE -> delete(open);
            case TRUNCATE -> truncate(open);
            case CLOSE -> close(open);
            case REOPEN -> {
                close(open);
                open();
            }
            case ASYNC -> async(open);
            case CHECKPOINT -> checkpoint(open);
            case ELAPSE -> elapse();
        }
        if (wal != null && random.nextBoolean()) {
            elapse();
        }
    }

    /** Opens the log and reads what is there. */
    void open() {
        int from = disk.operations();
        Wal opened;
        try {
            opened = subject.open(disk);
        } catch (WalException | OutOfMemoryError e) {
            disk.observe();
            if (healthy || e instanceof WalCorruptException) {
                throw new CrashViolation(Rule.OPENS, "the log does not open: " + e, e);
            }
            failures++;
            return;
        }
        disk.observe();
        rules.opened(from);
        openedAt = disk.operations();
        Recovered recovered;
        try {
            recovered = Recovered.read(opened);
        } catch (CrashViolation | OutOfMemoryError e) {
            if (healthy) {
                throw e;
            }
            failures++;
            wal = opened;
            close(opened);
            return;
        }
        Ledger.Bounds bounds = ledger.bounds(disk.operations(), false);
        if (healthy && closedInOrder && !recovered.report().clean()) {
            throw new CrashViolation(
                    Rule.REPORT, "the log was closed in order, but the report says otherwise: " + recovered.report());
        }
        Ledger checked = Oracle.check(ledger, bounds, recovered);
        ledger.locate(recovered.records());
        ledger.checkpoints.found(checked.checkpoints.last(), disk.operations());
        if (checked.history.size() < ledger.history.size()) {
            ledger = checked;
        }
        ledger.durable(openedAt);
        closedInOrder = false;
        wal = opened;
    }

    /** Whether a force failed since the log was opened, so that it must have stopped. */
    private boolean mustFail() {
        return disk.failedForce()
                .filter(each -> each.index() >= openedAt && !subject.isAdvisory(each.file()))
                .isPresent();
    }

    private void mayNotSucceed(boolean mustFail, String what) {
        if (mustFail) {
            throw new CrashViolation(
                    Rule.FAIL_STOP,
                    what + " succeeds after " + disk.failedForce().orElseThrow());
        }
    }

    private void append(Wal open, int bytes) {
        Item item = put(ledger.nextBatch(), bytes);
        boolean plain = ledger.history.size() % 2 == 0;
        append(
                List.of(item),
                subject.promise() == Promise.FORCED,
                () -> List.of(plain ? open.append(item.key, item.value) : open.append(item.record())));
    }

    void appendSized(int bytes) {
        Wal open = wal;
        if (open != null) {
            append(open, bytes);
        }
    }

    private void async(Wal open) {
        Item item = put(ledger.nextBatch(), SMALL_BYTES);
        append(
                List.of(item),
                true,
                () -> List.of(open.appendAsync(item.record()).join()));
    }

    private void stream(Wal open) {
        if (!open.capabilities().contains(Capability.STREAMED_VALUES)) {
            return;
        }
        Item item = put(ledger.nextBatch(), subject.segmentBytes() / 2 + 300);
        append(
                List.of(item),
                subject.promise() == Promise.FORCED,
                () -> List.of(open.append(item.key, new ByteArrayInputStream(item.value), item.value.length)));
    }

    private void batch(Wal open) {
        int batch = ledger.nextBatch();
        Item first = put(batch, 30);
        Item deleted = new Item(true, key(1), new byte[0], batch, disk.operations());
        Item last = new Item(false, key(2), value(disk.profile().sectorBytes() / 2), batch, disk.operations());
        List<Item> items = List.of(first, deleted, last);
        append(
                items,
                subject.promise() == Promise.FORCED,
                () -> open.appendBatch(items.stream().map(Item::record).toList()));
    }

    private Item put(int batch, int bytes) {
        return new Item(false, key(0), value(bytes), batch, disk.operations());
    }

    private byte[] key(int more) {
        return ("k" + ledger.lives() + "-" + (ledger.history.size() + more + 1)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Random bytes; every other value repeats them, so that it can be compressed. */
    private byte[] value(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        if (ledger.history.size() % 2 == 1) {
            for (int i = 16; i < bytes; i++) {
                value[i] = value[i - 16];
            }
        }
        return value;
    }

    private void append(List<Item> items, boolean forced, Supplier<List<Position>> call) {
        boolean mustFail = mustFail();
        int from = disk.operations();
        ledger.issue(items);
        List<Position> positions;
        try {
            positions = call.get();
        } catch (CompletionException e) {
            failedAppend(items, e.getCause() == null ? e : e.getCause());
            return;
        } catch (RuntimeException | Error e) {
            failedAppend(items, e);
            return;
        }
        disk.observe();
        mayNotSucceed(mustFail, "an append");
        if (positions.size() != items.size()) {
            throw new CrashViolation(
                    Rule.ONE_OUTCOME, items.size() + " records were appended, " + positions.size() + " positions came");
        }
        ledger.acknowledge(items, positions, disk.operations(), forced);
        if (healthy) {
            rules.acknowledged(from, forced);
        }
    }

    private void failedAppend(List<Item> items, Throwable e) {
        disk.observe();
        if (healthy) {
            throw new CrashViolation(Rule.ONE_OUTCOME, "an append fails on a disk that does not: " + e, e);
        }
        failures++;
        Outcome outcome = e instanceof WalException known ? known.outcome() : Outcome.NONE;
        switch (outcome) {
            case REJECTED -> ledger.reject(items);
            case INDETERMINATE -> {}
            default -> throw new CrashViolation(Rule.ONE_OUTCOME, "a failed append does not tell its outcome: " + e, e);
        }
    }

    private void sync(Wal open) {
        boolean mustFail = mustFail();
        if (attempt(open::sync)) {
            mayNotSucceed(mustFail, "a sync");
            ledger.durable(disk.operations());
        }
    }

    /** Timers run, and what they force is durable, unless a force failed. */
    void elapse() {
        int from = disk.operations();
        int atMost = subject.retains() ? retained() : ledger.lowest();
        subject.elapse();
        disk.observe();
        if (subject.retains()) {
            retention(from, atMost);
        }
        if (healthy) {
            ledger.checkpoints.written(disk.operations());
        }
        if (subject.promise() == Promise.FORCED_SOON && !mustFail() && failures == 0) {
            ledger.acknowledgedIsDurable(disk.operations());
        }
    }

    private void checkpoint(Wal open) {
        if (!open.capabilities().contains(Capability.CHECKPOINTS)) {
            return;
        }
        Position end = open.end();
        int records = ledger.firstFrom(end);
        int from = disk.operations();
        boolean mustFail = mustFail();
        if (!attempt(() -> open.checkpoints().save(SavedCheckpoints.NAME, end))) {
            return;
        }
        ledger.checkpoints.save(records, from);
        if (random.nextBoolean() && attempt(() -> open.checkpoints().flush())) {
            mayNotSucceed(mustFail, "flushing checkpoints");
            ledger.checkpoints.durable(disk.operations());
            ledger.durable(disk.operations(), records);
        }
    }

    /** {@return the number of the first record that no retention may delete} */
    private int retained() {
        Wal open = wal;
        List<SegmentInfo> segments = open == null ? List.of() : open.segments();
        if (segments.isEmpty()) {
            return ledger.lowest();
        }
        SegmentInfo last = segments.get(segments.size() - 1);
        int most = ledger.firstFrom(last.sealed() ? last.end() : last.start());
        int held = ledger.checkpoints.last();
        return held == SavedCheckpoints.NONE ? most : Math.max(ledger.lowest(), Math.min(most, held));
    }

    private void retention(int from, int atMost) {
        Wal open = wal;
        int low = open == null ? ledger.lowest() : ledger.firstFrom(open.start());
        if (low > atMost) {
            throw new CrashViolation(
                    Rule.DELETION, "retention deleted up to number " + low + ", but at most to " + atMost + " it may");
        }
        if (low > ledger.lowest()) {
            ledger.delete(from, disk.operations(), low);
        } else if (!healthy) {
            ledger.delete(from, Integer.MAX_VALUE, atMost);
        }
    }

    private void delete(Wal open) {
        List<SegmentInfo> segments = open.segments();
        Position upTo = segments.size() > 1 ? segments.get(segments.size() - 1).start() : open.end();
        int from = disk.operations();
        int most = ledger.firstFrom(upTo);
        int expected = upTo.equals(open.end()) ? ledger.history.size() : most;
        boolean mustFail = mustFail();
        if (attempt(() -> open.deleteSegmentsBefore(upTo))) {
            mayNotSucceed(mustFail, "a deletion");
            int low = ledger.firstFrom(open.start());
            if (low > expected) {
                throw new CrashViolation(
                        Rule.DELETION, "deleting up to " + upTo + " took records behind it: up to number " + low);
            }
            ledger.delete(from, disk.operations(), low);
        } else {
            ledger.delete(from, Integer.MAX_VALUE, expected);
        }
    }

    private void truncate(Wal open) {
        int there = ledger.history.size() - ledger.lowest();
        if (there == 0 || !open.capabilities().contains(Capability.SUFFIX_TRUNCATION)) {
            return;
        }
        int kept = ledger.lowest() + 1 + random.nextInt(there);
        Position last = ledger.history.get(kept - 1).position;
        if (last == null || open.state() != WalState.OPEN) {
            return;
        }
        int from = disk.operations();
        boolean mustFail = mustFail();
        if (attempt(() -> open.truncateAfter(last))) {
            mayNotSucceed(mustFail, "a truncation");
            ledger.truncate(from, disk.operations(), kept);
        } else if (open.state() == WalState.FAILED) {
            ledger.truncateOrNot(from, kept);
        }
    }

    void close() {
        Wal open = wal;
        if (open != null) {
            close(open);
        }
    }

    private void close(Wal open) {
        boolean mustFail = mustFail();
        wal = null;
        if (attempt(open::close)) {
            mayNotSucceed(mustFail, "a close");
            if (failures == 0) {
                ledger.durable(disk.operations());
                ledger.checkpoints.durable(disk.operations());
                closedInOrder = true;
            }
        }
        if (disk.openHandles() != 0) {
            throw new CrashViolation(Rule.RESOURCES, disk.openHandles() + " files stay open after the log was closed");
        }
    }

    private boolean attempt(Runnable call) {
        try {
            call.run();
            disk.observe();
            return true;
        } catch (WalException | OutOfMemoryError e) {
            disk.observe();
            if (healthy || e instanceof WalCorruptException) {
                throw new CrashViolation(Rule.ONE_OUTCOME, "a call fails on a disk that does not: " + e, e);
            }
            failures++;
            return false;
        }
    }

    /** Appends records like those that were lost, of the same, of smaller and of larger sizes, but other ones. */
    void liveOn(int variant) {
        int like = ledger.lost.isEmpty() ? SMALL_BYTES : ledger.lost.get(0).value.length;
        List<Integer> sizes = List.of(like, Math.max(1, like / 2), like + 40);
        for (int i = 0; i < sizes.size(); i++) {
            appendSized(sizes.get((i + variant) % sizes.size()));
        }
    }
}
