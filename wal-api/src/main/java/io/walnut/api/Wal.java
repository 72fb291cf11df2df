package io.walnut.api;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A write-ahead log: records are appended at the end, survive what the policy says they survive, and are read back in
 * order.
 *
 * <pre>{@code
 * try (Wal wal = Wal.open(Path.of("data/wal"))) {          // recovery happens here
 *     Position p = wal.append(WalRecord.put(key, value));    // returns when the fsync policy is met
 *     wal.appendBatch(List.of(WalRecord.put(k1, v1), WalRecord.delete(k2)));  // all or nothing, also across a crash
 *     wal.appendAsync(record).thenAccept(this::acknowledge); // completes once the record is durable
 *     Position durable = wal.sync();                         // everything appended so far is durable
 *     try (WalReader reader = wal.read(Position.START)) {
 *         while (reader.next()) { reader.position(); reader.key(); reader.value(); }
 *     }
 * }
 * }</pre>
 *
 * <h2>Durability</h2>
 *
 * <table>
 * <caption>What an append that has returned survives</caption>
 * <tr><th>{@code wal.fsync}</th><th>an append returns when its bytes are</th><th>SIGKILL</th><th>power loss</th></tr>
 * <tr><td>{@code always}</td><td>forced to the device; appenders that wait together share one fsync</td>
 *     <td>yes</td><td>yes</td></tr>
 * <tr><td>{@code batch} (default, window 5 ms)</td><td>in the kernel; forced within the window by a timer, even if no
 *     further append comes</td><td>yes</td><td>all but the last window</td></tr>
 * <tr><td>{@code os}</td><td>in the kernel; forced at rotation, {@link #sync()} and {@link #close()}</td>
 *     <td>yes</td><td>what the kernel had written back</td></tr>
 * </table>
 *
 * <p>{@link #appendAsync} and {@link #sync} mean "on the device" under every policy. Under no policy does an acknowledged
 * record live in the memory of the process only. Unforced bytes are bounded by {@code wal.unsynced.max.bytes}: past it
 * appends wait, and asynchronous ones are refused with {@link BackPressureException}.
 *
 * <h2>Failure</h2>
 *
 * <p>Every append has exactly one outcome: acknowledged (it returned), or the one that {@link WalException#outcome()}
 * tells. The first failed force or store stops the log ({@link WalState#FAILED}); nothing is ever forced again to find
 * out what is there. Thread-safe. An interrupt neither hurts the log nor ends a call early; the flag stays set.
 */
public interface Wal extends AutoCloseable {
    /**
     * Opens the log in a directory with the defaults, creating it if it is not there.
     *
     * @param directory where the log lives
     * @return the open log; the caller closes it
     * @throws WalException as {@link WalProvider#open}
     */
    static Wal open(Path directory) {
        return open(WalConfig.builder(directory).build());
    }

    /**
     * Opens a log through the backend that {@code wal.backend} names. Backends are looked for by {@link
     * java.util.ServiceLoader} in the context class loader, then in this module's own layer and loader.
     *
     * @param config which log, and how
     * @return the open log; the caller closes it
     * @throws WalException as {@link WalProvider#open}
     */
    static Wal open(WalConfig config) {
        return Backends.find(config).open(config);
    }

    /**
     * Opens a log in a directory for reading only, with the defaults; beside a live writer too.
     *
     * @param directory where the log is
     * @return the log; the caller closes it
     * @throws WalException as {@link WalProvider#openReadOnly}
     */
    static Wal openReadOnly(Path directory) {
        return openReadOnly(WalConfig.builder(directory).build());
    }

    /**
     * Opens a log for reading only, through the backend that {@code wal.backend} names; beside a live writer too.
     *
     * @param config which log, and how
     * @return the log; the caller closes it
     * @throws WalException as {@link WalProvider#openReadOnly}
     */
    static Wal openReadOnly(WalConfig config) {
        return Backends.find(config).openReadOnly(config);
    }

    /**
     * Appends a record; returns when the fsync policy is met.
     *
     * @param record what to append; its arrays can be reused afterwards
     * @return where the record is
     * @throws WalException see {@link WalException#outcome()}
     */
    Position append(WalRecord record);

    /**
     * Appends a put of this key and value; returns when the fsync policy is met.
     *
     * @param key the key, can be reused afterwards
     * @param value the value, can be reused afterwards
     * @return where the record is
     * @throws WalException see {@link WalException#outcome()}
     */
    Position append(byte[] key, byte[] value);

    /**
     * Appends a record; returns when it is as durable as asked for here, whatever the policy.
     *
     * @param record what to append
     * @param durability what the return is to mean
     * @return where the record is
     * @throws WalException see {@link WalException#outcome()}
     */
    Position append(WalRecord record, Durability durability);

    /**
     * Appends records so that after a crash all of them are there or none. Returns when the fsync policy is met. An
     * empty batch appends nothing.
     *
     * @param records what to append, in order
     * @return where the records are, in the same order
     * @throws WalException see {@link WalException#outcome()}; it is the outcome of the whole batch
     */
    List<Position> appendBatch(List<WalRecord> records);

    /**
     * Appends records as {@link #appendBatch(List)}.
     *
     * @param records what to append, in order
     * @return where the records are, in the same order
     * @throws WalException see {@link WalException#outcome()}; it is the outcome of the whole batch
     */
    default List<Position> appendBatch(WalRecord... records) {
        return appendBatch(List.of(records));
    }

    /**
     * As {@link #appendBatch(List)}; returns when the batch is as durable as asked for here.
     *
     * @param records what to append, in order
     * @param durability what the return is to mean
     * @return where the records are, in the same order
     * @throws WalException see {@link WalException#outcome()}; it is the outcome of the whole batch
     */
    List<Position> appendBatch(List<WalRecord> records, Durability durability);

    /**
     * Appends a record and does not wait. The record is encoded before this returns, so its arrays can be reused.
     *
     * <p>Futures are completed in the order of their records, also on an executor with several threads. Dependent actions that
     * are not asynchronous run where they are completed, one after another: one that itself waits for the future of a later
     * append of the same log would wait for ever. An action that takes long delays only the futures of later appends.
     * One that is attached after the future was completed runs at once, on the thread that attaches it, and so perhaps
     * before those of earlier records.
     *
     * @param record what to append
     * @return completes on the {@linkplain WalConfig.Builder#executor executor} once the record is on the device, or with
     *     a {@link WalException}; cancelling it does not take the record back
     */
    CompletableFuture<Position> appendAsync(WalRecord record);

    /**
     * Appends records as {@link #appendBatch(List)} and does not wait.
     *
     * @param records what to append, in order
     * @return completes as that of {@link #appendAsync}
     */
    CompletableFuture<List<Position>> appendBatchAsync(List<WalRecord> records);

    /**
     * Appends a value of any length, as {@link #append(WalRecord, InputStream, long)} does.
     *
     * @param key the key
     * @param value where the value comes from
     * @param length how many bytes of it are the value
     * @return where the record is
     * @throws WalException as there
     */
    default Position append(byte[] key, InputStream value, long length) {
        return append(WalRecord.put(key, new byte[0]), value, length);
    }

    /**
     * Appends a record whose value is read from a stream, in bounded memory however long it is. The record is there
     * whole or not at all, also across a crash; others append meanwhile, and its sequence is that of its end. A value
     * that is longer than one chunk of the backend can only be read by {@link WalReader#valueStream()}.
     *
     * @param record a put with an empty value, which gives the key, stamp, time to live and version
     * @param value where the value comes from; read up to the length, not closed
     * @param length how many bytes of it are the value
     * @return where the record is; durable as the policy says
     * @throws IllegalArgumentException if the record has a value or is a tombstone, or the length is negative
     * @throws WalException with the reason {@code IO} and the outcome {@code REJECTED}, if the stream fails or ends too
     *     early; with the reason {@code UNSUPPORTED}, without {@link Capability#STREAMED_VALUES}; as {@link
     *     #append(WalRecord)}. What was stored of a rejected value takes space until its segments are deleted
     */
    default Position append(WalRecord record, InputStream value, long length) {
        throw WalException.unsupported(Capability.STREAMED_VALUES);
    }

    /**
     * Forces everything appended so far to the device.
     *
     * @return just past the last record that is durable now
     * @throws WalFailedException if it fails, or the log had failed
     * @throws WalClosedException if the log is closed
     */
    Position sync();

    /** {@return the position of the first record that is retained; {@link #end()} if there is none} */
    Position start();

    /** {@return just past the last record that was acknowledged} */
    Position end();

    /** {@return just past the last record known to be on the device} */
    Position durableEnd();

    /**
     * Tells which sequence the next record gets: 1 in a log to which nothing was ever appended. Each record of a batch
     * counts, and so does one that was placed but is not acknowledged yet. Deleting segments does not change it, even if
     * nothing is left, nor does opening the log again; it only goes back by {@link #truncateAfter}, to that of the record
     * behind the one that is kept, and by what a crash or a failure takes away: once the log has failed it is that of the
     * record that would follow the last one that readers see. A log that was opened for reading only tells what would
     * follow the last record that it holds.
     *
     * @return a sequence that no record has yet
     * @throws WalClosedException if the log is closed
     * @throws WalException with the reason {@code UNSUPPORTED}, without {@link Capability#NEXT_SEQUENCE}
     */
    default long nextSequence() {
        throw WalException.unsupported(Capability.NEXT_SEQUENCE);
    }

    /**
     * Finds a record by its sequence. Takes time that grows with the logarithm of the number of segments, and reads a
     * bounded stretch of one of them.
     *
     * @param sequence the sequence of a record that is retained and was acknowledged
     * @return where the record is
     * @throws PositionUnavailableException if there is no such record (any more, or yet)
     * @throws WalException with the reason {@code UNSUPPORTED}, without {@link Capability#POSITIONS_BY_SEQUENCE}
     */
    default Position positionOf(long sequence) {
        throw WalException.unsupported(Capability.POSITIONS_BY_SEQUENCE);
    }

    /**
     * Finds the first retained record that is stamped at or after a time. Where stamps go back, as those of callers may,
     * what counts is the latest stamp so far: every record before the position is stamped earlier. Takes as long as
     * {@link #positionOf}.
     *
     * @param time the time
     * @return where the record is; {@link #end()} if there is none
     * @throws WalException with the reason {@code UNSUPPORTED}, without {@link Capability#POSITIONS_BY_TIME}
     */
    default Position positionAt(Instant time) {
        throw WalException.unsupported(Capability.POSITIONS_BY_TIME);
    }

    /**
     * Opens a reader.
     *
     * @param from where to start: a record's position, the end of a segment, or {@link Position#START}
     * @return a reader that stands before the record at that position; the caller closes it
     * @throws PositionUnavailableException if the position is below {@link #start()}, beyond {@link #end()}, or not at a
     *     record
     * @throws WalClosedException if the log is closed
     */
    default WalReader read(Position from) {
        return read(from, ReadOptions.DEFAULT);
    }

    /**
     * Opens a reader.
     *
     * @param from where to start
     * @param options how to read
     * @return a reader that stands before the record at that position; the caller closes it
     * @throws WalException as {@link #read(Position)}
     */
    WalReader read(Position from, ReadOptions options);

    /**
     * Opens a reader behind a record, for a consumer that knows the last record that it is done with.
     *
     * @param position where that record starts; where none starts, as at the end, the reader starts there
     * @return a reader that stands before the next record; the caller closes it
     * @throws WalException as {@link #read(Position)}
     */
    default WalReader readAfter(Position position) {
        Position from = position;
        try (WalReader reader = read(position)) {
            if (reader.next() && reader.position().equals(position)) {
                from = reader.nextPosition();
            }
        }
        return read(from);
    }

    /**
     * Publishes what is on the device, from a position on, and then what becomes durable; see {@link
     * #publisher(Position, ReadOptions)}.
     *
     * @param from where each subscription starts
     * @return a publisher for any number of subscribers
     */
    default Flow.Publisher<Entry> publisher(Position from) {
        return publisher(from, ReadOptions.DEFAULT.withDurableOnly());
    }

    /**
     * Publishes the entries from a position on, and then what is appended. Each subscription starts at the position and
     * reads for itself, at the pace of its own demand: a slow subscriber holds back neither the log nor another
     * subscriber, and keeps no segment from being deleted. While there is neither demand nor data a subscription holds
     * no thread.
     *
     * <p>A subscription ends with
     *
     * <ul>
     *   <li>{@link PositionUnavailableException}, if what comes next for it is not in the log (any more): where that was
     *       deleted as the oldest, its {@link PositionUnavailableException#start() start} is the position to continue
     *       from; where it had got what was then truncated, it has to take that back;
     *   <li>{@link WalFailedException}, when the log has failed and everything that is durable has been delivered;
     *   <li>{@code onComplete}, when the log is closed and everything has been delivered;
     *   <li>{@link WalClosedException}, when the log is closed before that;
     *   <li>another {@link WalException}, if reading fails, or the {@link Error} with which it does.
     * </ul>
     *
     * <p>The entry of a {@linkplain WalRecord#isStreamed() streamed} value comes without it: a reader at its position has it.
     *
     * <p>Who keeps the position behind the last entry it has dealt with continues from there with a new subscription.
     * Signals come one after another, on the {@linkplain WalConfig.Builder#executor executor} of the log, but for {@code
     * onSubscribe}, which is called by {@code subscribe}.
     *
     * @param from where each subscription starts: as for {@link #read(Position)}
     * @param options how to read; with {@link ReadOptions#DEFAULT} a subscriber may see what a power loss takes back
     * @return a publisher for any number of subscribers
     * @throws WalException with the reason {@code UNSUPPORTED}, without {@link Capability#PUBLISHING}
     */
    default Flow.Publisher<Entry> publisher(Position from, ReadOptions options) {
        throw WalException.unsupported(Capability.PUBLISHING);
    }

    /**
     * As {@link #publisher(Position, ReadOptions)}, with signals on an executor of their own.
     *
     * @param from where each subscription starts
     * @param options how to read
     * @param executor calls the subscribers, never on a thread that appends or forces; the log does not shut it down
     * @return a publisher for any number of subscribers
     * @throws WalException as {@link #publisher(Position, ReadOptions)}
     */
    default Flow.Publisher<Entry> publisher(Position from, ReadOptions options, Executor executor) {
        throw WalException.unsupported(Capability.PUBLISHING);
    }

    /**
     * Deletes every segment that ends at or before a position. If the position is the end of the log, the segment
     * that is being appended to is sealed first and deleted too. What is deleted does not come back after a crash.
     *
     * @param position up to where the log is not needed any more; may be {@link #end()}
     * @return how many segments were deleted
     * @throws PositionUnavailableException if the position is beyond the end
     * @throws WalException if the log is closed or failed, or the deletion cannot be made durable
     */
    int deleteSegmentsBefore(Position position);

    /**
     * Removes every record behind one, which is kept; the next record has the sequence after it. Happens whole or not at
     * all, also across a crash, and is durable when this returns. A batch may be cut in two. What was removed does not
     * come back, and no position of it ever names another record. Everything that was appended before is forced first,
     * so every append under way still ends as it would have; appends that come meanwhile wait. A reader that stands
     * behind the new end is told by a {@link PositionUnavailableException}.
     *
     * @param position where the last record that is kept starts; {@link #end()} removes nothing
     * @return the new end
     * @throws PositionUnavailableException if no record starts at the position, and it is not the end
     * @throws WalFailedException if it cannot be completed; opening the log again does that
     * @throws WalException if the log is closed or failed; with the reason {@code UNSUPPORTED}, without
     *     {@link Capability#SUFFIX_TRUNCATION}
     */
    default Position truncateAfter(Position position) {
        throw WalException.unsupported(Capability.SUFFIX_TRUNCATION);
    }

    /**
     * Copies the log to a new directory while it is in use. The copy is complete and durable when this returns, and opens
     * like any log. It holds every record that was acknowledged before the call and is still retained, perhaps some that
     * came during the call, and the checkpoints; nothing of this log is changed. Appends, reads, deletion and retention go
     * on meanwhile; a truncation makes the copying begin again. Each byte of the log is read and written once.
     *
     * <p>The directory appears under its name only when everything in it is durable. Until then it has a hidden name beside
     * it, which begins with a dot and ends with {@code .unfinished}; a process that is killed leaves that behind, to be
     * deleted. Directories above it are created where they are missing.
     *
     * <p>The copy is the same log with the same identity and positions, as it was at its end: for restoring it, or for
     * reading it elsewhere. Where the copy is appended to, its positions and those of the original name different records
     * from then on, so the two need archives of their own.
     *
     * <p>A log that was opened for reading only copies what it shows, also beside a live writer, which cannot be held off:
     * the copy fails if the writer truncates the log or deletes all of that meanwhile.
     *
     * @param directory the path of the copy; nothing may be there yet
     * @return the end of the copy: just past its last record
     * @throws WalException with the reason {@code IO} if something has that path, or reading or writing fails; {@code
     *     DISK_FULL} without space for the copy; {@code UNSUPPORTED} without {@link Capability#BACKUP}; of a copy that
     *     failed nothing is left
     * @throws WalClosedException if the log is closed, also meanwhile
     * @throws WalFailedException if the log has failed, also meanwhile
     */
    default Position backup(Path directory) {
        throw WalException.unsupported(Capability.BACKUP);
    }

    /** {@return the segments, oldest first} */
    List<SegmentInfo> segments();

    /**
     * The positions that consumers of this log keep in it.
     *
     * @return the same object each time
     * @throws WalException with the reason {@code UNSUPPORTED}, without {@link Capability#CHECKPOINTS}
     */
    default Checkpoints checkpoints() {
        throw WalException.unsupported(Capability.CHECKPOINTS);
    }

    /** {@return what opening this log found and did} */
    RecoveryReport recovery();

    /** {@return whether it is open, failed or closed} */
    WalState state();

    /** {@return what this backend can do} */
    Set<Capability> capabilities();

    /**
     * Forces what was appended, seals and closes the log, checkpoints included. Appends under way end with their one outcome, readers are
     * closed. Closing twice does nothing.
     *
     * @throws WalFailedException if the force fails, or if the log had failed; it is closed all the same
     */
    @Override
    void close();
}
