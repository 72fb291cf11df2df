package io.walnut.engine.jmh;

import io.walnut.api.Position;
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

/** What an append through a codec that takes hardly any time costs: what is counted and timed of a codec is in it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecAppendBenchmark {
    /** The size of a value. */
    @Param({"100"})
    public int valueBytes;

    /** Who is told: see {@link Watch}. */
    @Param({"NONE", "EVERYTHING", "SCRAPED"})
    public Watch watch = Watch.NONE;

    private JmhLog log;

    /** Opens the log. */
    @Setup
    public void open() {
        watch.start();
        log = new JmhLog(valueBytes, watch, new CopyingCodec());
    }

    /** Closes it. */
    @TearDown
    public void close() {
        log.close();
        watch.stop();
    }

    /** One append. */
    @Benchmark
    public Position append() {
        return log.append();
    }
}
