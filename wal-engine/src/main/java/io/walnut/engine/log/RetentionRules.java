package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which segments go: from the oldest on, each for which at least one limit asks, up to the first for which none does; and
 * of these only what ends at or before everything that holds; the checkpoint of a consumer holds within bounds.
 */
final class RetentionRules {
    private final RetentionOptions options;
    private final boolean archives;

    RetentionRules(RetentionOptions options, boolean archives) {
        this.options = options;
        this.archives = archives;
    }

    /**
     * What was decided.
     *
     * @param segments how many of the oldest go
     * @param heldBytes how many bytes of content would go too if nothing held them
     */
    record Decision(int segments, long heldBytes) {}

    /**
     * Decides.
     *
     * @param sealed the oldest segments, to which nothing is appended any more
     * @param totalBytes how many bytes of content there are in all segments
     * @param checkpoints what is saved
     * @param now what time it is, in nanoseconds since 1970
     * @param ages the age of each of the segments, in nanoseconds
     */
    Decision decide(
            List<Segment> sealed,
            long totalBytes,
            Map<String, Position> checkpoints,
            long now,
            IntToLongFunction ages) {
        Position consumers = lowest(checkpoints);
        Position always = lowestOfTheLog(checkpoints);
        long left = totalBytes;
        int count = 0;
        long held = 0;
        for (int at = 0; at < sealed.size(); at++) {
            Segment segment = sealed.get(at);
            if (!asks(segment, left, consumers, now) && !isOld(at, ages)) {
                break;
            }
            boolean lapsed = options.holdBytes() > 0 && left > options.holdBytes()
                    || !options.holdAge().isZero()
                            && ages.applyAsLong(at) >= options.holdAge().toNanos();
            left -= segment.chainEnd();
            if (held == 0 && passes(segment, always) && (lapsed || passes(segment, consumers))) {
                count++;
            } else {
                held += segment.chainEnd();
            }
        }
        return new Decision(count, held);
    }

    /** {@return whether what time it is matters} */
    boolean goByTime() {
        return !options.age().isZero() || options.expired();
    }

    private boolean isOld(int at, IntToLongFunction ages) {
        return !options.age().isZero() && ages.applyAsLong(at) >= options.age().toNanos();
    }

    private boolean asks(Segment segment, long bytes, @Nullable Position passed, long now) {
        return options.bytes() > 0 && bytes > options.bytes()
                || options.expired() && segment.contents().maxExpiry() <= now
                || options.checkpoints() == CheckpointRule.DELETE
                        && passed != null
                        && end(segment).compareTo(passed) <= 0;
    }

    private static boolean passes(Segment segment, @Nullable Position hold) {
        return hold == null || end(segment).compareTo(hold) <= 0;
    }

    /** {@return whether a checkpoint is that of a consumer, not the log's own} */
    static boolean isConsumer(String name) {
        return !name.equals(Checkpoints.ARCHIVED) && !name.equals(Checkpoints.LOST);
    }

    private static @Nullable Position lowest(Map<String, Position> checkpoints) {
        return checkpoints.entrySet().stream()
                .filter(each -> isConsumer(each.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** {@return what the log's own checkpoints hold, which never lapses; null for nothing} */
    private @Nullable Position lowestOfTheLog(Map<String, Position> checkpoints) {
        Position lost = checkpoints.get(Checkpoints.LOST);
        Position archived = archives ? checkpoints.getOrDefault(Checkpoints.ARCHIVED, Position.START) : null;
        return lost == null || archived != null && archived.compareTo(lost) < 0 ? archived : lost;
    }

    /** {@return where a segment ends, as a position that a reader behind it has} */
    static Position end(Segment segment) {
        long records = segment.contents().recordsEnd();
        return new Position(segment.number(), records == 0 ? segment.chainEnd() : records);
    }
}
