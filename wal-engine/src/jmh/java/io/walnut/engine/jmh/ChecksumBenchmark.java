package io.walnut.engine.jmh;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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
import org.openjdk.jmh.annotations.Warmup;

/** What the checksum of a body costs: over an array when appending, over a direct buffer when reading. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChecksumBenchmark {
    /** The size of a body. */
    @Param({"100", "1024", "10240"})
    public int bodyBytes;

    private final CRC32C crc = new CRC32C();
    private byte[] array;
    private ByteBuffer direct;

    /** Draws the bytes. */
    @Setup
    public void draw() {
        array = new byte[bodyBytes];
        new Random(1).nextBytes(array);
        direct = ByteBuffer.allocateDirect(bodyBytes).put(array);
    }

    /** As an append does it. */
    @Benchmark
    public long ofAnArray() {
        crc.reset();
        crc.update(array, 0, array.length);
        return crc.getValue();
    }

    /** As a cursor does it. */
    @Benchmark
    public long ofADirectBuffer() {
        crc.reset();
        crc.update(direct.clear());
        return crc.getValue();
    }
}
