package io.walnut.engine.stream;

import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import org.jspecify.annotations.Nullable;

/** Stands for a log that cannot be opened: whoever subscribes to it is told why, as of anything else that goes wrong. */
public final class UnopenedLog implements StreamedLog {
    private final RuntimeException why;

    /** A log that cannot be opened for this reason. */
    public UnopenedLog(RuntimeException why) {
        this.why = why;
    }

    @Override
    public WalReader open(Position from, ReadOptions options) {
        throw why;
    }

    @Override
    public long readableEnd(boolean durableOnly) {
        return 0;
    }

    @Override
    public Position start() {
        return Position.START;
    }

    @Override
    public WalState state() {
        return WalState.OPEN;
    }

    @Override
    public @Nullable WalException failed() {
        return null;
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public void waits(boolean durableOnly) {}

    @Override
    public void waitedFor(boolean durableOnly) {}
}
