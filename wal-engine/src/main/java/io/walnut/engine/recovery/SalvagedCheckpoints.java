package io.walnut.engine.recovery;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.engine.log.StoredCheckpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checkpoints of a damaged log on their way to its copy. A consumer goes on with the copy of the first record at or
 * after its checkpoint, or at the end of the copy.
 */
final class SalvagedCheckpoints {
    private final Map<String, Position> waiting = new TreeMap<>();
    private final Map<String, Position> found = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    SalvagedCheckpoints(StoredCheckpoints stored) {
        waiting.putAll(stored.slot().positions());
        waiting.remove(Checkpoints.ARCHIVED); // the copy is archived anew, if at all
        if (waiting.remove(Checkpoints.LOST) != null) {
            notes.add("no checkpoint could be copied: " + stored.problem());
        }
    }

    /** A record was copied from one place to another; records come in order. */
    void copied(Position from, Position to) {
        waiting.entrySet().removeIf(each -> {
            boolean reached = each.getValue().compareTo(from) <= 0;
            if (reached) {
                found.put(each.getKey(), to);
            }
            return reached;
        });
    }

    /** Saves them in the copy, which is complete now. */
    void save(Wal copy) {
        waiting.keySet().forEach(name -> found.put(name, copy.end()));
        waiting.clear();
        try {
            found.forEach(copy.checkpoints()::save);
        } catch (WalException e) {
            notes.add("checkpoints could not be copied: " + e.getMessage());
        }
    }

    /** {@return what is worth knowing, in plain words} */
    List<String> notes() {
        return notes;
    }
}
