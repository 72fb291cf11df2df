package io.walnut.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A cursor over a log. {@link #next()} moves it to the next record; the other methods tell of the record it stands on.
 *
 * <p>A reader sees the prefix of the log up to the highest acknowledged position, and after a failure of the log up to
 * {@link Wal#durableEnd()}. It crosses segments by itself. It holds no lock that a writer needs; any number can be open.
 * One reader belongs to one thread at a time. An interrupt does not hurt it.
 *
 * <p>The views that {@link #key()} and {@link #value()} give are the reader's own and valid until its next move; {@link
 * #record()} makes a copy to keep. Moving and looking allocates nothing per record.
 */
public interface WalReader extends AutoCloseable, Iterable<Entry> {
    /**
     * Moves to the next record.
     *
     * @return false at the end of what can be read; a later call may say true, when something was appended
     * @throws WalCorruptException if the record is damaged; the reader stays where it is
     * @throws PositionUnavailableException if the segment was deleted before the reader came to it
     * @throws UnknownCodecException if the value needs a codec that is not there
     * @throws WalClosedException if the reader or the log is closed
     */
    boolean next();

    /**
     * Moves to the next record, waiting for one to be appended if need be, without polling.
     *
     * @param timeout how long to wait at the most; zero or less does not wait
     * @return false if nothing came in time, or if the thread was interrupted, whose flag then stays set
     * @throws WalException as {@link #next()}; {@link WalClosedException} also when the log is closed meanwhile
     */
    boolean next(Duration timeout);

    /** {@return where the current record starts} */
    Position position();

    /** {@return where a reader has to start to continue behind the current record} */
    Position nextPosition();

    /** {@return the sequence of the current record} */
    long sequence();

    /** {@return what the current record says about its key} */
    WalRecord.Kind kind();

    /** {@return the key: a read-only view, valid until the next move} */
    ByteBuffer key();

    /**
     * The value.
     *
     * @return a read-only view, valid until the next move; empty for a tombstone
     * @throws RecordTooLargeException if the value is {@linkplain #isStreamed() too long} for that
     */
    ByteBuffer value();

    /** {@return whether the value was appended as a stream and is so long that it can only be read as one} */
    default boolean isStreamed() {
        return false;
    }

    /** {@return how long the value is, in bytes; 0 for a tombstone} */
    default long valueLength() {
        return value().remaining();
    }

    /**
     * The value as a stream, verified while it is read.
     *
     * @return the value; for one thread at a time, closed by the caller. That of a {@linkplain #isStreamed() streamed}
     *     one does not depend on this reader and may be read after it has moved or was closed; until it is closed it
     *     holds a file, and the log is in use as by a reader. Its methods throw {@link
     *     WalCorruptException} for damage, {@link PositionUnavailableException} if what it needs was deleted or truncated,
     *     and {@link WalClosedException} once the log is closed
     */
    default InputStream valueStream() {
        byte[] bytes = new byte[value().remaining()];
        value().get(bytes);
        return new ByteArrayInputStream(bytes);
    }

    /** {@return when the current record was stamped} */
    Instant timestamp();

    /** {@return when the current record expires, if it does} */
    Optional<Instant> expiresAt();

    /** {@return a copy of the current record, to keep; without its value if that {@link WalRecord#isStreamed()} } */
    WalRecord record();

    /** {@return a copy of the current record with its place in the log, to keep} */
    default Entry entry() {
        return new Entry(position(), nextPosition(), sequence(), record());
    }

    /**
     * The rest of the log as entries, up to the end at the time it is reached. Uses up this reader.
     *
     * @return an iterator that moves this reader
     */
    @Override
    default Iterator<Entry> iterator() {
        return new Iterator<>() {
            private boolean moved;
            private boolean there;

            @Override
            public boolean hasNext() {
                if (!moved) {
                    there = WalReader.this.next();
                    moved = true;
                }
                return there;
            }

            @Override
            public Entry next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the end of the log");
                }
                moved = false;
                return entry();
            }
        };
    }

    /**
     * The rest of the log as entries, up to the end at the time it is reached. Uses up this reader.
     *
     * @return a sequential stream; closing it closes the reader
     */
    default Stream<Entry> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(this::close);
    }

    /** Frees the reader's buffer and file. Closing twice does nothing. */
    @Override
    void close();
}
