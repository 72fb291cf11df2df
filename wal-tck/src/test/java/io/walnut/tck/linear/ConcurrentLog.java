package io.walnut.tck.linear;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import io.walnut.engine.Engine;
import io.walnut.engine.fsync.AlwaysProvider;
import io.walnut.engine.fsync.BatchProvider;
import io.walnut.engine.fsync.OsProvider;
import io.walnut.engine.preallocate.NonePreallocatorProvider;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategyProvider;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;

/** The engine's log in memory, its results as numbers of records. Lincheck makes one for each history. */
public abstract class ConcurrentLog {
    private static final Path NOWHERE = Path.of("nowhere");
    private static final PluginContext CONTEXT = new PluginContext(NOWHERE, "log", "", Clock.systemUTC());

    private final Wal wal;

    ConcurrentLog(FsyncStrategyProvider policy) {
        wal = Engine.builder(NOWHERE)
                .storage(new MemoryStorage("memory"))
                .preallocator(new NonePreallocatorProvider()
                        .create(Settings.defaultsOf(new NonePreallocatorProvider().config()), CONTEXT))
                .fsync(policy.create(Settings.defaultsOf(policy.config()), CONTEXT))
                .open();
    }

    @Operation
    public int append() {
        return sequenceAt(wal.append(record()));
    }

    @Operation
    public int appendBatch() {
        return sequenceAt(wal.appendBatch(List.of(record(), record())).get(1));
    }

    @Operation
    public int appendAsync() {
        return sequenceAt(wal.appendAsync(record()).join());
    }

    @Operation
    public int read() {
        int count = 0;
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }

    @Operation
    public int sync() {
        Position durable = wal.sync();
        int count = 0;
        try (WalReader reader = wal.read(Position.START)) {
            while (reader.next() && reader.position().compareTo(durable) < 0) {
                count++;
            }
        }
        return count;
    }

    private int sequenceAt(Position position) {
        try (WalReader reader = wal.read(position)) {
            return reader.next() ? (int) reader.sequence() : -1;
        }
    }

    private static WalRecord record() {
        return WalRecord.put(new byte[] {1}, new byte[] {2});
    }

    /** Under {@code always}. */
    public static class Always extends ConcurrentLog {
        public Always() {
            super(new AlwaysProvider());
        }
    }

    /** Under {@code batch}. */
    public static class Batch extends ConcurrentLog {
        public Batch() {
            super(new BatchProvider());
        }
    }

    /** Under {@code os}. */
    public static class Os extends ConcurrentLog {
        public Os() {
            super(new OsProvider());
        }
    }

    /** Not linearizable: takes the number of what it appends before it appends it. */
    public static class Counting extends ConcurrentLog {
        public Counting() {
            super(new OsProvider());
        }

        @Override
        @Operation
        public int append() {
            int next = read() + 1;
            super.append();
            return next;
        }
    }
}
