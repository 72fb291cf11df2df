package io.walnut.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that a test moves, and workers whose timers follow it; everything runs on the test's thread. */
final class ManualTime extends Clock implements AtOnce {
    private record Timer(Instant due, Runnable task) {}

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Timer> timers = new ArrayList<>();
    private Instant now = FIRST;
    private Duration set = Duration.ZERO;

    @Override
    public void schedule(Runnable task, long nanos) {
        timers.add(new Timer(now.plusNanos(nanos), task));
    }

    @Override
    public long nanoTime() {
        return Duration.between(FIRST, now).minus(set).toNanos();
    }

    int timers() {
        return timers.size();
    }

    /** Lets time pass, and does what is due by then, each at its time. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Timer next = timers.stream().min(Comparator.comparing(Timer::due)).orElse(null);
            if (next == null || next.due().isAfter(end)) {
                now = end;
                return;
            }
            timers.remove(next);
            now = next.due().isAfter(now) ? next.due() : now;
            next.task().run();
        }
    }

    /** The clock is set; timers go on as if it had not been. */
    void set(Instant other) {
        Duration jump = Duration.between(now, other);
        set = set.plus(jump);
        timers.replaceAll(timer -> new Timer(timer.due().plus(jump), timer.task()));
        now = other;
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
        throw new UnsupportedOperationException();
    }
}
