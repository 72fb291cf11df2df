package io.walnut.engine.log;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Computes how long ago something was last appended to a segment, such that neither one odd stamp of a record nor a clock that
 * is set makes it older than it is. For what was appended since the log was opened, the time that has passed counts, not
 * the clock. For what was found, the last stamp counts if it lies between the creation of the segment and that of the
 * second one after it, which is only prepared when the next one is appended to; otherwise the latter does, or the opening
 * of the log. Times before 2020 or in the future are those of a clock that was not set.
 */
final class SegmentAges {
    private static final long FIRST = Segment.nanos(Instant.parse("2020-01-01T00:00:00Z"));
    private static final long SUSPECT = Duration.ofMinutes(1).toNanos();

    private final boolean needed;
    private final StampClock wall;
    private final LongSupplier nanoTime;
    private final long opened;
    private final long openedAt;
    private final long lastFound;
    private final long lastFoundSequence;
    private final Map<Long, Long> left = new ConcurrentHashMap<>();

    /**
     * The ages of the segments of a log that is being opened.
     *
     * @param needed whether anything goes by its age
     * @param found what is there
     * @param wall the wall clock
     * @param nanoTime the time that passes, whatever the clock shows
     */
    SegmentAges(boolean needed, List<Segment> found, StampClock wall, LongSupplier nanoTime) {
        this.needed = needed;
        this.wall = wall;
        this.nanoTime = nanoTime;
        opened = wall.nanos();
        openedAt = nanoTime.getAsLong();
        Segment last = found.isEmpty() ? null : found.get(found.size() - 1);
        lastFound = last == null ? 0 : last.number();
        lastFoundSequence = last == null ? 0 : last.contents().nextSequence();
    }

    /** Nothing is appended to a segment any more. */
    void left(long segment) {
        if (needed) {
            left.put(segment, nanoTime.getAsLong());
        }
    }

    /** The segments before one are gone. */
    void forgetBefore(long first) {
        left.keySet().removeIf(segment -> segment < first);
    }

    /** {@return what time it is, since 1970, not running ahead of the time that has passed since the log was opened} */
    long now() {
        long now = wall.nanos();
        return opened < FIRST ? now : Math.min(now, plus(opened, elapsed()));
    }

    private long elapsed() {
        return nanoTime.getAsLong() - openedAt;
    }

    /**
     * {@return the age of a segment to which nothing is appended any more, in nanoseconds}
     *
     * @param all the segments of the log
     * @param at which of them
     */
    long of(List<Segment> all, int at) {
        Segment segment = all.get(at);
        if (isFound(segment)) {
            long now = now();
            return now - lastAppend(all, at, now);
        }
        long now = nanoTime.getAsLong();
        Long since = left.putIfAbsent(segment.number(), now);
        return since == null ? 0 : now - since;
    }

    /** {@return whether a segment is as it was found} */
    private boolean isFound(Segment segment) {
        return !left.containsKey(segment.number())
                && (segment.number() < lastFound
                        || segment.number() == lastFound && segment.contents().nextSequence() == lastFoundSequence);
    }

    private long lastAppend(List<Segment> all, int at, long now) {
        long latest = now - elapsed();
        for (int i = at + 2; i < all.size(); i++) {
            long created = all.get(i).header().createdNanos();
            if (created >= FIRST && created <= latest) {
                latest = created;
                break;
            }
        }
        Segment segment = all.get(at);
        long stamped = segment.contents().maxTimestamp();
        long earliest = Math.max(FIRST, segment.header().createdNanos());
        return stamped >= earliest && stamped <= latest ? stamped : latest;
    }

    /** {@return what is odd about the clock or about stamps, in plain words; empty if nothing is} */
    Optional<String> oddity(List<Segment> sealed) {
        long jump = wall.nanos() - plus(opened, elapsed());
        if (opened < FIRST) {
            return Optional.of("the clock showed " + Segment.instant(opened) + " when the log was opened");
        }
        if (Math.abs(jump) > SUSPECT) {
            return Optional.of("the clock was set by " + Duration.ofNanos(jump)
                    + " since the log was opened, or the machine slept");
        }
        long now = now();
        return sealed.stream()
                .filter(segment -> segment.contents().maxTimestamp() > plus(now, SUSPECT))
                .findFirst()
                .map(segment -> "a record in " + segment.fileName() + " is stamped "
                        + Segment.instant(segment.contents().maxTimestamp()) + ", which is in the future");
    }

    private static long plus(long nanos, long more) {
        long sum = nanos + more;
        return sum < nanos ? Long.MAX_VALUE : sum;
    }
}
