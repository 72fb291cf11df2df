package io.walnut.engine.log;

import io.walnut.api.Checkpoints;
import io.walnut.api.Position;
import io.walnut.api.WalException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Checkpoints as they were stored when the log was opened for reading only. */
final class ReadOnlyCheckpoints implements Checkpoints {
    private final Map<String, Position> positions;
    private final Runnable check;
    private final Supplier<WalException> refusal;

    ReadOnlyCheckpoints(Map<String, Position> positions, Runnable check, Supplier<WalException> refusal) {
        this.positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
        this.check = check;
        this.refusal = refusal;
    }

    @Override
    public void save(String name, Position position) {
        throw refusal.get();
    }

    @Override
    public Optional<Position> load(String name) {
        check.run();
        return Optional.ofNullable(positions.get(name));
    }

    @Override
    public void remove(String name) {
        throw refusal.get();
    }

    @Override
    public Map<String, Position> all() {
        check.run();
        return positions;
    }

    @Override
    public void flush() {
        throw refusal.get();
    }
}
