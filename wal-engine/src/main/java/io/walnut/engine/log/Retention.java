package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.spi.Metrics;
import io.walnut.spi.WalEvent.UpkeepFailed.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Deletes, each time it runs, the segments that the rules give up. */
final class Retention {
    private final SegmentCatalog catalog;
    private final Appender appender;
    private final Pruner pruner;
    private final EngineCheckpoints checkpoints;
    private final RetentionRules rules;
    private final ReadSide readSide;
    private final SegmentAges ages;
    private final Announcer announcer;
    private final LongAdder runs;
    private final LongAdder failures;
    private final Map<String, Position> lapsed = new HashMap<>();
    private boolean oddityTold;
    private volatile long heldBytes;

    Retention(
            RetentionRules rules,
            SegmentAges ages,
            SegmentCatalog catalog,
            Appender appender,
            Pruner pruner,
            EngineCheckpoints checkpoints,
            ReadSide readSide,
            Telemetry telemetry,
            Announcer announcer) {
        this.rules = rules;
        this.catalog = catalog;
        this.appender = appender;
        this.pruner = pruner;
        this.checkpoints = checkpoints;
        this.readSide = readSide;
        this.ages = ages;
        this.announcer = announcer;
        runs = telemetry.counter(Metrics.RETENTION_RUNS);
        failures = telemetry.counter(Metrics.RETENTION_FAILURES);
        telemetry.pull(Metrics.RETENTION_HELD, () -> heldBytes);
    }

    /** Looks once. A failure is counted, and the next time may do better. */
    void run() {
        try {
            delete();
            runs.increment();
        } catch (RuntimeException e) {
            announcer.upkeepFailed(Task.RETENTION, failures, readSide.start(), e);
        }
    }

    private void delete() {
        checkpoints.places().lock();
        try {
            List<Segment> all = catalog.all();
            List<Segment> sealed = sealed(all);
            if (!all.isEmpty()) {
                ages.forgetBefore(all.get(0).number());
            }
            if (rules.goByTime()) {
                tellOfAnOddity(sealed);
            }
            RetentionRules.Decision decision = rules.decide(
                    sealed,
                    appender.segments().contentBytes(),
                    checkpoints.snapshot(),
                    ages.now(),
                    at -> ages.of(all, at));
            heldBytes = decision.heldBytes();
            if (decision.segments() > 0) {
                Segment last = sealed.get(decision.segments() - 1);
                pruner.deleteSealed(last.number());
                tellOfLapses(RetentionRules.end(last));
            }
        } finally {
            checkpoints.places().unlock();
        }
    }

    private void tellOfAnOddity(List<Segment> sealed) {
        if (!oddityTold) {
            ages.oddity(sealed).ifPresent(problem -> {
                oddityTold = true;
                announcer.clockSuspect(readSide.start(), problem);
            });
        }
    }

    /** Each is told once, unless its consumer saves it again. */
    private void tellOfLapses(Position gone) {
        Map<String, Position> now = checkpoints.snapshot();
        lapsed.entrySet().removeIf(each -> !each.getValue().equals(now.get(each.getKey())));
        now.forEach((name, position) -> {
            if (RetentionRules.isConsumer(name)
                    && position.compareTo(gone) < 0
                    && !position.equals(lapsed.put(name, position))) {
                announcer.lapsed(name, position, readSide.start());
            }
        });
    }

    private static List<Segment> sealed(List<Segment> all) {
        int count = 0;
        while (count < all.size() && all.get(count).finished()) {
            count++;
        }
        return all.subList(0, count);
    }
}
