package io.walnut.recipes;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.PositionUnavailableException;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * A queue with any number of named consumers, each of which gets every message, in order, at its own pace. A message is
 * delivered at least once: again after a crash, if the consumer had not committed it. The log belongs to the caller, who
 * closes it.
 */
final class MessageQueue {
    private static final byte[] NO_KEY = new byte[0];

    private final Wal wal;

    MessageQueue(Wal wal) {
        this.wal = wal;
    }

    /** When this returns the message is in the queue, as durably as the log's {@code wal.fsync} says. */
    Position send(byte[] message) {
        return wal.append(NO_KEY, message);
    }

    /** A consumer, new from the first message on, or one that is known, from where it committed. */
    Consumer consumer(String name) {
        Position from = wal.checkpoints().load(name).orElse(Position.START);
        Consumer consumer = new Consumer(name, from);
        consumer.commit(); // from now on nothing is deleted that it has not had
        return consumer;
    }

    /** Forgets a consumer, for which messages are not kept any more. */
    void forget(String name) {
        wal.checkpoints().remove(name);
        wal.checkpoints().flush();
    }

    /** Deletes what every consumer has committed, by whole segments; returns how many. */
    int trim() {
        return wal.checkpoints().all().values().stream()
                .min(Comparator.naturalOrder())
                .map(wal::deleteSegmentsBefore)
                .orElse(0);
    }

    /** Belongs to one thread. */
    final class Consumer implements AutoCloseable {
        private final String name;
        private Position next;
        private WalReader reader;

        private Consumer(String name, Position from) {
            this.name = name;
            this.next = from;
            this.reader = readerAt(from);
        }

        /** The next message, waiting for one to be sent if need be. */
        Optional<Entry> poll(Duration patience) {
            try {
                if (!reader.next(patience)) {
                    return Optional.empty();
                }
            } catch (PositionUnavailableException e) { // somebody deleted without asking the consumers
                seek(e.start());
                return poll(patience);
            }
            next = reader.nextPosition();
            return Optional.of(reader.entry());
        }

        /** What was polled so far is done with; after a crash it does not come again. */
        void commit() {
            wal.checkpoints().save(name, next);
            wal.checkpoints().flush();
        }

        /** Goes on, or back, to a message; {@link Position#START} replays everything that is kept. */
        void seek(Position position) {
            WalReader moved = readerAt(position);
            reader.close();
            reader = moved;
            next = position;
        }

        void seek(long sequence) {
            seek(wal.positionOf(sequence));
        }

        /** Goes to the first message that was sent at a time or later. */
        void seek(Instant time) {
            seek(wal.positionAt(time));
        }

        /** {@return how many messages this consumer has not polled yet} */
        long lag() {
            try (WalReader ahead = readerAt(next)) {
                return ahead.next() ? wal.nextSequence() - ahead.sequence() : 0;
            }
        }

        private WalReader readerAt(Position position) {
            try {
                return wal.read(position);
            } catch (PositionUnavailableException e) {
                if (position.compareTo(e.start()) >= 0) {
                    throw e;
                }
                return readerAt(e.start()); // what it has not had is deleted: it goes on with what is left
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
