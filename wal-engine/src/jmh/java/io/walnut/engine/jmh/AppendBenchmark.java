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

/** What an append costs without the kernel: encoding, checksum, placing, and now and then a rotation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    /** The size of a value. */
    @Param({"100", "1024", "10240"})
    public int valueBytes;

    /** Who is told: see {@link Watch}. */
    @Param({"NONE", "LOG", "JFR", "RECORDING_JFR", "EVERYTHING", "SAMPLED", "EACH_TIMED", "SCRAPED"})
    public Watch watch = Watch.NONE;

    private JmhLog log;

    /** Opens the log. */
    @Setup
    public void open() {
        watch.start();
        log = new JmhLog(valueBytes, watch);
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
