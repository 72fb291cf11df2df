package io.walnut.recipes;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Shows every event of a log to a read model, in order and at least once, and remembers in the log how far it came. Only
 * events that are on the device are shown, so the model never knows what a power loss takes back.
 */
final class Projection {
    private final Wal events;
    private final String name;
    private final Consumer<Entry> model;

    Projection(Wal events, String name, Consumer<Entry> model) {
        this.events = events;
        this.name = name;
        this.model = model;
    }

    /** Shows what has come since the last time, until nothing comes for so long. */
    void follow(Duration patience) {
        Position from = events.checkpoints().load(name).orElse(Position.START);
        try (WalReader reader = events.read(from, ReadOptions.DEFAULT.withDurableOnly())) {
            while (reader.next(patience)) {
                model.accept(reader.entry());
                events.checkpoints().save(name, reader.nextPosition()); // costs nothing: written now and then
            }
        }
    }

    /** Shows everything again, from the first event on. */
    void rebuild() {
        events.checkpoints().remove(name);
    }
}
