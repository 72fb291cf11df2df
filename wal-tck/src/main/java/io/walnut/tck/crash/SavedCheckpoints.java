package io.walnut.tck.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What was saved under one name, in order: each as how many records lay before it, none as {@link #NONE}. */
final class SavedCheckpoints {
    static final String NAME = "consumer";
    static final int NONE = -1;

    /** From this operation on it may be found. */
    private record Saved(int records, int from) {}

    /** From this operation on nothing older is found. */
    private record Mark(int operation, int saved) {}

    private final List<Saved> saved = new ArrayList<>(List.of(new Saved(NONE, 0)));
    private final List<Mark> durable = new ArrayList<>();
    private boolean changed;

    void copy(SavedCheckpoints other) {
        saved.clear();
        saved.addAll(other.saved);
        durable.addAll(other.durable);
        changed = other.changed;
    }

    void save(int records, int operation) {
        saved.add(new Saved(records, operation));
        changed = true;
    }

    /** What was saved last is durable. */
    void durable(int operation) {
        durable.add(new Mark(operation, saved.size() - 1));
    }

    /** What was saved in this life is durable; of what was found nobody promised that before it is flushed. */
    void written(int operation) {
        if (changed) {
            durable(operation);
        }
    }

    /** What the log knows was found when it was opened. */
    void found(int records, int operation) {
        if (records != last()) {
            saved.add(new Saved(records, operation));
        }
    }

    /** What was saved behind a cut is there. */
    void cutOff(int kept) {
        replaceAll(records -> Math.min(records, kept));
    }

    private void replaceAll(IntUnaryOperator change) {
        saved.replaceAll(each -> new Saved(change.applyAsInt(each.records), each.from));
    }

    /** {@return what the log has in memory} */
    int last() {
        return saved.get(saved.size() - 1).records;
    }

    /** {@return what may be found when there have been so many operations, oldest first} */
    List<Integer> at(int operation) {
        int least = 0;
        for (Mark mark : durable) {
            if (mark.operation <= operation) {
                least = Math.max(least, mark.saved);
            }
        }
        return saved.subList(least, saved.size()).stream()
                .filter(each -> each.from <= operation)
                .map(Saved::records)
                .toList();
    }

    boolean promisedAt(int operation) {
        return durable.stream().anyMatch(mark -> mark.operation == operation);
    }

    /** What is known in the next life, which may find again what was possible in this one, up to what it found. */
    void begin(List<Integer> possible, int found, int end) {
        saved.clear();
        for (int records : possible.subList(0, Math.max(1, possible.lastIndexOf(found) + 1))) {
            saved.add(new Saved(Math.min(records, end), 0));
        }
        found(found, 0);
    }
}
