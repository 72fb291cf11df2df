package io.walnut.engine.jmh;

import io.walnut.api.Position;
import io.walnut.api.WalReader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a step of a cursor costs: reading from memory, both checks, and the views of key and value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplayBenchmark {
    private static final int LOG_BYTES = JmhLog.SEGMENT_BYTES / 4;

    /** The size of a value. */
    @Param({"100", "1024", "10240"})
    public int valueBytes;

    private JmhLog log;
    private WalReader reader;

    /** Fills a part of a segment. */
    @Setup
    public void fill() {
        log = new JmhLog(valueBytes, Watch.NONE);
        for (int at = 0; at < LOG_BYTES; at += valueBytes) {
            log.append();
        }
        reader = log.wal.read(Position.START);
    }

    /** Closes the log. */
    @TearDown
    public void close() {
        reader.close();
        log.close();
    }

    /** One record; after the last comes the first again. */
    @Benchmark
    public int next() {
        if (!reader.next()) {
            reader.close();
            reader = log.wal.read(Position.START);
            reader.next();
        }
        return reader.key().remaining() + reader.value().remaining();
    }
}
