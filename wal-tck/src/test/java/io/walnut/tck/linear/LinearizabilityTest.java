package io.walnut.tck.linear;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Append, read and sync of the engine are linearizable, by the word of Lincheck. */
class LinearizabilityTest {
    @ParameterizedTest
    @ValueSource(classes = {ConcurrentLog.Always.class, ConcurrentLog.Batch.class, ConcurrentLog.Os.class})
    void shouldBeLinearizableUnder(Class<?> policy) {
        check(policy);
    }

    @Test
    void shouldNotTakeALogThatCountsByItselfForOne() {
        assertThrows(AssertionError.class, () -> check(ConcurrentLog.Counting.class));
    }

    private static void check(Class<?> policy) {
        new StressOptions()
                .sequentialSpecification(SequentialLog.class)
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(2)
                .actorsAfter(2)
                .iterations(Integer.getInteger("walnut.lincheck.iterations", 3))
                .invocationsPerIteration(100)
                .minimizeFailedScenario(false)
                .check(policy);
    }

    /** What a log is when one thing happens after the other: a counter. */
    public static class SequentialLog {
        private int records;

        public int append() {
            return ++records;
        }

        public int appendBatch() {
            records += 2;
            return records;
        }

        public int appendAsync() {
            return ++records;
        }

        public int read() {
            return records;
        }

        public int sync() {
            return records;
        }
    }
}
