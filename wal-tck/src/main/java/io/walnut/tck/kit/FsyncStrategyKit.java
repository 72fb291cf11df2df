package io.walnut.tck.kit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.FsyncStrategyProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What every {@link FsyncStrategy} and its provider must do: extend it, name the provider, run it with JUnit. */
@Tag("fsync")
public abstract class FsyncStrategyKit extends PartKit<FsyncStrategyProvider, FsyncStrategy> {
    private static final int ROUNDS = 100_000;
    private static final int SLACK_BYTES = 64 << 10;

    private FsyncStrategy strategy;

    /** For subclasses. */
    protected FsyncStrategyKit() {}

    @Override
    final Class<FsyncStrategyProvider> service() {
        return FsyncStrategyProvider.class;
    }

    @Override
    final String kind() {
        return "fsync";
    }

    @BeforeEach
    final void makeTheStrategy() {
        strategy = make();
    }

    /** If this fails, look at the provider's {@code name()} and at {@code @Named} on its class: one name, {@code [a-z0-9-]{1,63}}. */
    @Test
    public final void required_F101_hasOneNameWithWhichItIsAnnotatedToo() {
        checkName();
    }

    /** If this fails, look at META-INF/services, and at {@code provides} if the provider is in a named module. */
    @Test
    public final void required_F102_isFoundAsAService() {
        checkService();
    }

    /** If this fails, look at the defaults in the provider's {@code config()}. */
    @Test
    public final void required_F103_hasDefaultsThatCanBeWrittenDown() {
        checkDefaults();
    }

    /** If this fails, look at what is answered: 0 for now, nanoseconds, or the greatest long for not by itself; never less than 0. */
    @Test
    public final void required_F111_answersWithATimeThatCanBe() {
        for (long[] bytes : new long[][] {
            {1, 1}, {64, 64}, {Long.MAX_VALUE, 1}, {Long.MAX_VALUE, Long.MAX_VALUE}, {1L << 32, 1L << 31}
        }) {
            check(bytes[0], bytes[1]);
        }
    }

    /** If this fails, look at sums of bytes and at divisions: any amounts may be told, in any order. */
    @Test
    public final void stochastic_F112_answersForAnyAmountsOfBytes() {
        Random random = random("F112");
        for (int i = 0; i < ROUNDS; i++) {
            long append = 1 + (random.nextLong() >>> (1 + random.nextInt(63)));
            long pending = append + Math.min(Long.MAX_VALUE - append, random.nextLong() >>> (1 + random.nextInt(63)));
            check(pending, append);
        }
    }

    private void check(long pending, long append) {
        long answer = strategy.forceWithinNanos(pending, append);
        assertTrue(
                answer >= 0,
                () -> "the answer to " + pending + " pending bytes, " + append + " of this append, is " + answer + "; "
                        + replay());
    }

    /** If this fails, look at what is shared between calls: a strategy is asked by many threads at a time. */
    @Test
    public final void stochastic_F121_answersManyThreadsAtATime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Random random = random("F121-" + thread);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < ROUNDS / 10; i++) {
                        int append = 1 + random.nextInt(10_000);
                        check(append + (long) random.nextInt(1 << 20), append);
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** If this fails, look for boxes, strings and records that an answer makes: it is asked after each append. */
    @Test
    public final void required_F122_allocatesNothing() {
        if (AllocatedBytes.ofThisThread() < 0) {
            throw new TestAbortedException("allocation cannot be measured on this JVM");
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5; attempt++) {
            long before = AllocatedBytes.ofThisThread();
            for (int i = 1; i <= ROUNDS; i++) {
                strategy.forceWithinNanos(i * 1_000L, 1_000);
            }
            least = Math.min(least, AllocatedBytes.ofThisThread() - before);
        }
        long bytes = least;
        assertTrue(bytes < SLACK_BYTES, () -> ROUNDS + " answers allocated " + bytes + " bytes");
    }
}
