package io.walnut.tck.crash;

import io.walnut.api.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a log was given and what it promised, kept outside of it: the records in their order, when how many of them were
 * acknowledged and durable, what was deleted, and every position that was handed out.
 */
final class Ledger {
    /** From this operation on so many records are there. */
    private record Mark(int operation, int count) {}

    /** Between these operations the first record that is kept moved. */
    private record Deletion(int from, int to, int before, int after) {}

    /**
     * Between these operations, or for ever if nobody knows, the records behind the first ones were being removed.
     *
     * @param kept how many records were to stay
     */
    private record Truncation(int from, int to, int kept) {}

    /**
     * What must be found after a crash.
     *
     * @param least at least so many of the records that were ever appended
     * @param most at most so many
     * @param lowest the first record that is there is not before this one
     * @param highest nor behind this one
     * @param instead or exactly so many records, because the rest was being removed; negative if that was not so
     * @param checkpoints before how many records the checkpoint is, one of these
     */
    record Bounds(int least, int most, int lowest, int highest, int instead, List<Integer> checkpoints) {
        boolean allow(int end) {
            return end == instead || end >= least && end <= most;
        }
    }

    final List<Item> history = new ArrayList<>();
    final List<Item> rejected = new ArrayList<>();
    final List<Item> lost = new ArrayList<>();
    final Map<Position, Item> exposed = new HashMap<>();
    final SavedCheckpoints checkpoints = new SavedCheckpoints();
    private final List<Mark> acknowledged = new ArrayList<>();
    private final List<Mark> durable = new ArrayList<>();
    private final List<Deletion> deletions = new ArrayList<>();
    private @Nullable Ledger before;
    private @Nullable Truncation truncation;
    private int lowest;
    private int batches;
    private int lives = 1;

    int lives() {
        return lives;
    }

    int nextBatch() {
        return batches++;
    }

    void issue(List<Item> items) {
        history.addAll(items);
    }

    void acknowledge(List<Item> items, List<Position> positions, int operation, boolean forced) {
        for (int i = 0; i < items.size(); i++) {
            expose(items.get(i), positions.get(i));
            items.get(i).exposedAt = operation;
        }
        acknowledged.add(new Mark(operation, history.size()));
        if (forced) {
            durable(operation);
        }
    }

    private void expose(Item item, Position position) {
        Item before = exposed.put(position, item);
        if (before != null && before != item) {
            throw new CrashViolation(
                    Rule.POSITIONS, "position " + position + " named " + before + " and now names " + item);
        }
        item.position = position;
    }

    /** What was found is where it was found: of an append whose outcome was not known nobody had told it. */
    void locate(List<Found> found) {
        for (Found each : found) {
            Item item = history.get(Math.toIntExact(each.sequence() - 1));
            if (item.position == null) {
                item.position = each.position();
            }
        }
    }

    /** The items were refused. They are the last ones. */
    void reject(List<Item> items) {
        history.removeAll(items);
        rejected.addAll(items);
    }

    /** Everything that was appended and not refused is durable. */
    void durable(int operation) {
        durable.add(new Mark(operation, history.size()));
    }

    /** The first records are durable. */
    void durable(int operation, int records) {
        durable.add(new Mark(operation, records));
    }

    /** Everything that was acknowledged is durable. */
    void acknowledgedIsDurable(int operation) {
        durable.add(new Mark(operation, greatest(acknowledged, operation)));
    }

    void delete(int from, int to, int after) {
        deletions.add(new Deletion(from, to, lowest, after));
        lowest = after;
    }

    /**
     * Everything behind the first records was removed, and will never be seen again.
     *
     * @param from after so many operations that may have begun
     * @param to after so many it had been done
     * @param kept how many records stayed
     */
    void truncate(int from, int to, int kept) {
        Ledger past = new Ledger();
        past.copy(this);
        past.history.addAll(history);
        past.exposed.putAll(exposed);
        past.truncation = new Truncation(from, to, kept);
        before = past;
        lost.addAll(history.subList(kept, history.size()));
        history.subList(kept, history.size()).clear();
        acknowledged.clear();
        durable.clear();
        acknowledged.add(new Mark(to, kept));
        durable.add(new Mark(to, kept));
        checkpoints.cutOff(kept);
    }

    /** As {@link #truncate}, but it failed, and nobody knows whether it will be completed. */
    void truncateOrNot(int from, int kept) {
        truncation = new Truncation(from, Integer.MAX_VALUE, kept);
    }

    private void copy(Ledger other) {
        lives = other.lives;
        batches = other.batches;
        lowest = other.lowest;
        before = other.before;
        truncation = other.truncation;
        lost.addAll(other.lost);
        rejected.addAll(other.rejected);
        acknowledged.addAll(other.acknowledged);
        durable.addAll(other.durable);
        deletions.addAll(other.deletions);
        checkpoints.copy(other.checkpoints);
    }

    int lowest() {
        return lowest;
    }

    /** {@return the number of the first record at or behind a position} */
    int firstFrom(Position position) {
        int first = lowest;
        while (first < history.size()) {
            Position there = history.get(first).position;
            if (there == null || there.compareTo(position) >= 0) {
                break;
            }
            first++;
        }
        return first;
    }

    /** {@return what this ledger was when there had been so many operations} */
    Ledger until(int operation) {
        Ledger earlier = before;
        if (earlier != null && earlier.truncation != null && operation < earlier.truncation.to) {
            return earlier.until(operation);
        }
        Ledger past = new Ledger();
        past.copy(this);
        exposed.forEach((position, item) -> {
            if (!history.contains(item)) {
                past.exposed.put(position, item);
            }
        });
        for (Item item : history) {
            if (item.issuedAt <= operation) {
                boolean exposedThen = item.exposedAt <= operation;
                Item then = item.as(
                        exposedThen ? item.position : null,
                        item.issuedAt,
                        exposedThen ? item.exposedAt : Integer.MAX_VALUE);
                past.history.add(then);
                Position position = then.position;
                if (position != null) {
                    past.exposed.put(position, then);
                }
            }
        }
        return past;
    }

    Bounds bounds(int operation, boolean power) {
        int least = greatest(durable, operation);
        if (!power) {
            least = Math.max(least, greatest(acknowledged, operation));
        }
        int most = 0;
        while (most < history.size() && history.get(most).issuedAt <= operation) {
            most++;
        }
        int low = deletions.isEmpty() ? lowest : deletions.get(0).before;
        int high = low;
        for (Deletion deletion : deletions) {
            if (deletion.from <= operation) {
                high = Math.max(high, deletion.after);
            }
            if (deletion.to <= operation) {
                low = Math.max(low, deletion.after);
            }
        }
        Truncation going = truncation;
        int instead = going != null && going.from <= operation ? going.kept : -1;
        return new Bounds(Math.max(least, low), Math.max(most, least), low, high, instead, checkpoints.at(operation));
    }

    private static int greatest(List<Mark> marks, int operation) {
        int count = 0;
        for (Mark mark : marks) {
            if (mark.operation <= operation) {
                count = Math.max(count, mark.count);
            }
        }
        return count;
    }

    /** {@return whether a promise was made just when there had been so many operations} */
    boolean promisedAt(int operation) {
        return acknowledged.stream().anyMatch(mark -> mark.operation == operation)
                || durable.stream().anyMatch(mark -> mark.operation == operation)
                || deletions.stream().anyMatch(each -> each.to == operation)
                || checkpoints.promisedAt(operation)
                || before != null && before.truncation != null && before.truncation.to == operation;
    }

    /** {@return the item with these bytes among some, or null} */
    static @Nullable Item find(List<Item> items, Found found) {
        for (Item item : items) {
            if (item.is(found)) {
                return item;
            }
        }
        return null;
    }

    /**
     * The ledger of the next life: what was found is there and durable; what was not found is lost for ever.
     *
     * @param low the number of the first record that was found
     * @param found the records, which have been checked
     */
    Ledger next(int low, List<Found> found) {
        Ledger next = new Ledger();
        next.lives = lives + 1;
        next.batches = batches;
        int end = low + found.size();
        for (int i = 0; i < end; i++) {
            Item item = history.get(i);
            next.history.add(item.as(i >= low ? found.get(i - low).position() : item.position, 0, 0));
        }
        next.lost.addAll(lost);
        next.lost.addAll(history.subList(end, history.size()));
        next.rejected.addAll(rejected);
        next.exposed.putAll(exposed);
        for (Item item : next.history.subList(low, end)) {
            Position position = item.position;
            if (position != null) {
                next.exposed.put(position, item);
            }
        }
        next.lowest = low;
        next.acknowledged.add(new Mark(0, end));
        next.durable.add(new Mark(0, end));
        return next;
    }
}
