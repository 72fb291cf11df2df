package io.walnut.recipes;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.walnut.api.Durability;
import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The log of a member of a SOFAJRaft group. An entry is a record with its term and index as the version, so sequences march
 * with indexes. A tombstone says that nothing before it counts and which index comes next. Up to where a prefix was
 * dropped is a checkpoint. Thread-safe.
 */
final class RaftLogStorage implements LogStorage {
    private static final System.Logger LOG = System.getLogger(RaftLogStorage.class.getName());
    private static final String FIRST = "raft.first";
    private static final byte[] ENTRY = {'e'};
    private static final byte[] CONFIGURATION = {'c'};
    private static final byte[] CLEARED = {'x'};

    private final Supplier<Wal> opener;
    private Wal wal;
    private LogEntryEncoder encoder;
    private LogEntryDecoder decoder;

    private long firstIndex;
    private long lastIndex;
    private long firstSequence; // of the first entry; above the last sequence if there is none
    private long lastSequence;
    private WalReader cursor;
    private long cursorAt;

    RaftLogStorage(Supplier<Wal> opener) {
        this.opener = opener;
    }

    @Override
    public synchronized boolean init(LogStorageOptions options) {
        encoder = options.getLogEntryCodecFactory().encoder();
        decoder = options.getLogEntryCodecFactory().decoder();
        boolean open = wal != null
                || attempt("open", () -> {
                    wal = opener.get();
                    load(options.getConfigurationManager());
                    return true;
                });
        if (!open) {
            shutdown();
        }
        return open;
    }

    private void load(ConfigurationManager known) {
        firstIndex = 1;
        firstSequence = 1;
        lastSequence = 0;
        List<LogEntry> configurations = new ArrayList<>();
        try (WalReader reader = wal.read(firstKept())) {
            for (Entry each : reader) {
                WalRecord record = each.record();
                long index = record.version().orElseThrow().index();
                if (record.kind() == WalRecord.Kind.DELETE) {
                    configurations.clear();
                    cleared(index, each.sequence());
                } else {
                    added(index, each.sequence());
                    if (record.key().get(0) == CONFIGURATION[0]) {
                        configurations.add(decoder.decode(record.valueBytes()));
                    }
                }
            }
        }
        configurations.forEach(entry -> known.add(configuration(entry)));
    }

    private Position firstKept() {
        Position start = wal.start();
        return wal.checkpoints()
                .load(FIRST)
                .filter(first -> first.compareTo(start) > 0)
                .orElse(start);
    }

    private static ConfigurationEntry configuration(LogEntry entry) {
        Configuration old = entry.getOldPeers() == null
                ? new Configuration()
                : new Configuration(entry.getOldPeers(), entry.getOldLearners());
        return new ConfigurationEntry(
                entry.getId().copy(), new Configuration(entry.getPeers(), entry.getLearners()), old);
    }

    @Override
    public synchronized void shutdown() {
        forgetCursor();
        if (wal != null) {
            wal.close();
            wal = null;
        }
    }

    @Override
    public synchronized long getFirstLogIndex() {
        return firstIndex;
    }

    @Override
    public synchronized long getLastLogIndex() {
        return isEmpty() ? 0 : lastIndex;
    }

    @Override
    public synchronized LogEntry getEntry(long index) {
        if (isEmpty() || index < firstIndex || index > lastIndex) {
            return null;
        }
        try {
            WalRecord record = read(ceiling(index));
            return index(record) == index ? decoder.decode(record.valueBytes()) : null;
        } catch (WalException e) {
            LOG.log(System.Logger.Level.ERROR, "could not read " + index, e);
            return null;
        }
    }

    @Override
    @Deprecated
    public long getTerm(long index) {
        LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public synchronized int appendEntries(List<LogEntry> entries) {
        boolean appended = attempt("append", () -> {
            wal.appendBatch(entries.stream().map(this::record).toList(), Durability.DEVICE);
            entries.forEach(each -> added(each.getId().getIndex(), lastSequence + 1));
            return true;
        });
        return appended ? entries.size() : 0;
    }

    @Override
    public synchronized boolean truncatePrefix(long firstIndexKept) {
        if (firstIndexKept <= firstIndex) {
            return true;
        }
        return attempt("truncate the prefix", () -> {
            if (isEmpty() || firstIndexKept > lastIndex) {
                return beginAt(firstIndexKept, Stream.empty());
            }
            long kept = ceiling(firstIndexKept);
            long keptIndex = index(read(kept));
            forgetBefore(wal.positionOf(kept));
            firstSequence = kept;
            firstIndex = keptIndex;
            return true;
        });
    }

    @Override
    public synchronized boolean truncateSuffix(long lastIndexKept) {
        if (isEmpty() || lastIndexKept >= lastIndex) {
            return true;
        }
        return attempt("truncate the suffix", () -> {
            if (lastIndexKept < firstIndex) {
                return beginAt(firstIndex, Stream.empty());
            }
            long next = ceiling(lastIndexKept + 1);
            long keptIndex = index(read(next - 1));
            forgetCursor();
            wal.truncateAfter(wal.positionOf(next - 1));
            lastSequence = next - 1;
            lastIndex = keptIndex;
            return true;
        });
    }

    @Override
    public synchronized boolean reset(long nextLogIndex) {
        if (nextLogIndex <= 0) {
            throw new IllegalArgumentException("an index is above 0: " + nextLogIndex);
        }
        return attempt("reset", () -> {
            LogEntry entry = getEntry(nextLogIndex);
            if (entry == null) {
                entry = new LogEntry(EntryType.ENTRY_TYPE_NO_OP);
                entry.setId(new LogId(nextLogIndex, 0));
            }
            return beginAt(nextLogIndex, Stream.of(entry));
        });
    }

    /** Drops everything; all of it is dropped, and the entry there, once the batch is durable. */
    private boolean beginAt(long index, Stream<LogEntry> entry) {
        List<WalRecord> records = new ArrayList<>();
        records.add(WalRecord.delete(CLEARED).withVersion(0, index));
        entry.map(this::record).forEach(records::add);
        List<Position> positions = wal.appendBatch(records, Durability.DEVICE);
        cleared(index, lastSequence + 1);
        records.stream().skip(1).forEach(each -> added(index, lastSequence + 1));
        forgetBefore(positions.get(0));
        return true;
    }

    private void forgetBefore(Position position) {
        forgetCursor();
        wal.checkpoints().save(FIRST, position);
        wal.checkpoints().flush();
        wal.deleteSegmentsBefore(position);
    }

    private WalRecord record(LogEntry entry) {
        byte[] key = entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION ? CONFIGURATION : ENTRY;
        LogId id = entry.getId();
        return WalRecord.put(key, encoder.encode(entry)).withVersion(id.getTerm(), id.getIndex());
    }

    private void added(long index, long sequence) {
        if (isEmpty()) {
            firstIndex = index;
            firstSequence = sequence;
        }
        lastIndex = index;
        lastSequence = sequence;
    }

    private void cleared(long index, long sequence) {
        firstIndex = index;
        firstSequence = sequence + 1;
        lastSequence = sequence;
    }

    private boolean isEmpty() {
        return firstSequence > lastSequence;
    }

    /** The sequence of the first entry at or above an index that is not above the last: found at once if none was left out. */
    private long ceiling(long index) {
        long low = firstSequence;
        long high = Math.min(lastSequence, firstSequence + Math.max(0, index - firstIndex));
        long found = index(read(high));
        while (found != index && low < high) {
            long middle = (low + high) >>> 1;
            found = index(read(middle));
            if (found < index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static long index(WalRecord record) {
        return record.version().orElseThrow().index();
    }

    private WalRecord read(long sequence) {
        if (cursor == null || sequence < cursorAt || sequence > cursorAt + 1) {
            forgetCursor();
            cursor = wal.read(wal.positionOf(sequence));
            cursorAt = sequence - 1;
        }
        if (cursorAt < sequence && !cursor.next()) {
            throw new IllegalStateException("no record " + sequence);
        }
        cursorAt = sequence;
        return cursor.record();
    }

    private void forgetCursor() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }

    /** The library wants to be told by a return value that something failed; then it stops the member. */
    private static boolean attempt(String what, BooleanSupplier action) {
        try {
            return action.getAsBoolean();
        } catch (WalException e) {
            LOG.log(System.Logger.Level.ERROR, "could not " + what, e);
            return false;
        }
    }
}
