package io.walnut.engine.group;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The checkpoints of a log of a group: they stay valid when the log is closed for being idle. */
final class GroupedCheckpoints implements Checkpoints {
    private final Slot slot;

    GroupedCheckpoints(Slot slot) {
        this.slot = slot;
    }

    private void run(Consumer<Checkpoints> change) {
        slot.use(log -> {
            change.accept(log.checkpoints());
            return true;
        });
    }

    @Override
    public void save(String name, Position position) {
        run(all -> all.save(name, position));
    }

    @Override
    public Optional<Position> load(String name) {
        return slot.use(log -> log.checkpoints().load(name));
    }

    @Override
    public void remove(String name) {
        run(all -> all.remove(name));
    }

    @Override
    public Map<String, Position> all() {
        return slot.use(log -> log.checkpoints().all());
    }

    @Override
    public void flush() {
        run(Checkpoints::flush);
    }
}
