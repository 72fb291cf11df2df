package io.walnut.engine.log;

import io.walnut.engine.Codecs;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs by itself to count and time a codec. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompressionTotalsBenchmark {
    /** The identity of the codec: one that is shipped, and another. */
    @Param({"1", "255"})
    public int codec;

    private final CompressionTotals totals =
            new CompressionTotals(Codecs.none(), new Telemetry("jmh", "", Workers.shared()));
    private final AppendBuffer buffer = new AppendBuffer();

    /** One value. */
    @Benchmark
    public void count() {
        totals.add(codec, 100, 50, CompressionTotals.start(buffer));
    }
}
