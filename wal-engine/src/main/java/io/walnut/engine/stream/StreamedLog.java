package io.walnut.engine.stream;

import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalState;
import org.jspecify.annotations.Nullable;

/** What a publisher needs of a log. */
public interface StreamedLog {
    /** {@return a reader that stands before the record at a position} */
    WalReader open(Position from, ReadOptions options);

    /** {@return the place just past the last record that can be read} */
    long readableEnd(boolean durableOnly);

    /** {@return the position of the first record that is retained} */
    Position start();

    /** {@return the state of the log} */
    WalState state();

    /** {@return what the log failed with, or null if it did not} */
    @Nullable
    WalException failed();

    /** {@return whether something may still be appended} */
    boolean grows();

    /** One more subscription waits for {@link #readableEnd} to move, and then looks once more whether it has. */
    void waits(boolean durableOnly);

    /** A subscription does not wait any more. */
    void waitedFor(boolean durableOnly);
}
