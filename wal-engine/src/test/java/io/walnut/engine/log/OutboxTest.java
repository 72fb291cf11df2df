package io.walnut.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxTest {
    /** Runs tasks when it is told to. */
    private static final class ByHand implements Workers {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final Deque<Runnable> timers = new ArrayDeque<>();
        private boolean refuses;

        @Override
        public void execute(Runnable task) {
            if (refuses) {
                throw new RejectedExecutionException("no thread");
            }
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long nanos) {
            timers.add(task);
        }

        private void run() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    private final ByHand workers = new ByHand();
    private final Outbox outbox = new Outbox(workers);
    private final List<Integer> passed = new ArrayList<>();

    @Test
    void passesSignalsOnInOrderAndOnAWorker() {
        IntStream.range(0, 5).forEach(i -> outbox.offer(() -> passed.add(i)));
        assertEquals(List.of(), passed, "nothing runs on the thread that tells");
        assertEquals(1, workers.tasks.size(), "one worker passes on all that is there");
        workers.run();
        assertEquals(List.of(0, 1, 2, 3, 4), passed);
    }

    @Test
    void manyFrequentSignalsNeedOneTimerAndOneWorker() {
        IntStream.range(0, 100).forEach(i -> outbox.offerLazily(() -> passed.add(i)));
        assertEquals(0, workers.tasks.size());
        assertEquals(1, workers.timers.size());
        workers.timers.remove().run();
        workers.run();
        assertEquals(IntStream.range(0, 100).boxed().toList(), passed);
        outbox.offerLazily(() -> passed.add(100));
        assertEquals(1, workers.timers.size(), "the next one is waited for again");
    }

    @Test
    void anUrgentSignalTakesThoseBeforeItAlong() {
        outbox.offerLazily(() -> passed.add(1));
        outbox.offer(() -> passed.add(2));
        workers.run();
        assertEquals(List.of(1, 2), passed);
    }

    @Test
    void whatFindsItFullIsDroppedAndCounted() {
        IntStream.range(0, Outbox.CAPACITY + 7).forEach(i -> outbox.offer(() -> passed.add(i)));
        assertEquals(7, outbox.dropped());
        workers.run();
        assertEquals(IntStream.range(0, Outbox.CAPACITY).boxed().toList(), passed);
        outbox.offer(() -> passed.add(-1));
        workers.run();
        assertEquals(-1, passed.get(passed.size() - 1), "it goes on when there is room");
    }

    @Test
    void withoutAThreadTheNextSignalTakesItAlong() {
        workers.refuses = true;
        outbox.offer(() -> passed.add(1));
        workers.refuses = false;
        outbox.offer(() -> passed.add(2));
        workers.run();
        assertEquals(List.of(1, 2), passed);
    }

    @Test
    void aSignalThatEndsItsThreadDoesNotEndTheRest() {
        outbox.offer(() -> {
            throw new OutOfMemoryError("for a test");
        });
        outbox.offer(() -> passed.add(2));
        try {
            workers.run();
        } catch (OutOfMemoryError expected) {
            workers.run();
        }
        assertEquals(List.of(2), passed);
    }

    @Test
    void theEndComesLastAndNothingAfterIt() {
        outbox.offer(() -> passed.add(1));
        assertFalse(outbox.end(() -> passed.add(2), 0), "it is not waited for longer than asked");
        workers.run();
        assertEquals(List.of(1, 2), passed);
        outbox.offer(() -> passed.add(3));
        workers.run();
        assertEquals(List.of(1, 2), passed);
    }

    @Test
    void theEndComesHoweverFullItIs() {
        IntStream.range(0, 2 * Outbox.CAPACITY).forEach(i -> outbox.offer(() -> {}));
        assertFalse(outbox.end(() -> passed.add(1), 0));
        workers.run();
        assertEquals(List.of(1), passed);
    }

    @Test
    void whatIsEndedByASignalDoesNotWaitForItself() {
        outbox.offer(() -> assertTrue(outbox.end(() -> passed.add(1), Long.MAX_VALUE)));
        workers.run();
        assertEquals(List.of(1), passed);
    }
}
