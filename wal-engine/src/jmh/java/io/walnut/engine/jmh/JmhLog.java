package io.walnut.engine.jmh;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.engine.Engine;
import io.walnut.engine.EngineBuilder;
import io.walnut.engine.fsync.OsProvider;
import io.walnut.spi.Codec;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.ConfigSpec;
import io.walnut.spi.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** A log in recycled memory under the policy {@code os}, that drops each segment when it is full. For one thread. */
final class JmhLog implements AutoCloseable {
    static final int SEGMENT_BYTES = 64 << 20;
    private static final int KEY_BYTES = 16;

    final Wal wal;
    final byte[] key = new byte[KEY_BYTES];
    final byte[] value;
    private long segment = -1;

    JmhLog(int valueBytes, Watch watch) {
        this(valueBytes, engine(watch));
    }

    JmhLog(int valueBytes, Watch watch, Codec codec) {
        this(valueBytes, engine(watch).codec("jmh", codec));
    }

    private JmhLog(int valueBytes, EngineBuilder engine) {
        wal = engine.open();
        value = new byte[valueBytes];
        Random random = new Random(1);
        random.nextBytes(key);
        random.nextBytes(value);
    }

    private static EngineBuilder engine(Watch watch) {
        PluginContext context = new PluginContext(Path.of("jmh"), "jmh", "", Clock.systemUTC());
        return Engine.builder(Path.of("jmh"))
                .storage(new RecycledStorage(SEGMENT_BYTES))
                .preallocator(new FilledPreallocator())
                .fsync(new OsProvider().create(Settings.defaultsOf(ConfigSpec.NONE), context))
                .meter(watch.meter(context))
                .set("wal.append.sample", Integer.toString(watch.sample()))
                .set("wal.segment.bytes", Integer.toString(SEGMENT_BYTES));
    }

    Position append() {
        Position position = wal.append(key, value);
        if (position.segment() != segment) {
            segment = position.segment();
            wal.deleteSegmentsBefore(position);
        }
        return position;
    }

    @Override
    public void close() {
        wal.close();
    }
}
