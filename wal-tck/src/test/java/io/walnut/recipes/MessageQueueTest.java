package io.walnut.recipes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MessageQueueTest {
    @TempDir(factory = FastDirectory.class)
    Path temp;

    private static byte[] message(int number) {
        return (number + ":" + "x".repeat(5_000)).getBytes(UTF_8);
    }

    private static int number(Entry entry) {
        String text = UTF_8.decode(entry.record().value()).toString();
        return Integer.parseInt(text.substring(0, text.indexOf(':')));
    }

    @Test
    void shouldDeliverEveryMessageToEachConsumerWhereverItIsKilled() throws IOException {
        int kills = Lives.each(temp, Work::new);
        assertTrue(kills > 100, "killed " + kills + " times");
    }

    /** A fast and a slow consumer, and what they had done and committed when they were killed. */
    private static final class Work implements Lives.Program {
        private final Map<String, Integer> done = new HashMap<>();
        private final Map<String, Integer> committed = new HashMap<>();
        private int sent;

        @Override
        public void run(Lives.Life life) {
            MessageQueue queue = new MessageQueue(life.open(Lives.smallSegments(life.root())));
            try (MessageQueue.Consumer fast = queue.consumer("fast");
                    MessageQueue.Consumer slow = queue.consumer("slow")) {
                for (int i = 1; i <= 40; i++) {
                    queue.send(message(i));
                    sent = i;
                    work("fast", fast);
                    if (i % 2 == 0) {
                        work("slow", slow);
                    }
                    if (i % 10 == 0) {
                        commit("fast", fast);
                        commit("slow", slow);
                        queue.trim();
                    }
                }
            }
        }

        private void work(String name, MessageQueue.Consumer consumer) {
            int number = number(consumer.poll(Duration.ZERO).orElseThrow());
            assertEquals(done.getOrDefault(name, 0) + 1, number);
            done.put(name, number);
        }

        private void commit(String name, MessageQueue.Consumer consumer) {
            consumer.commit();
            committed.put(name, done.get(name));
        }

        @Override
        public void check(Path root) {
            try (Wal wal = Wal.open(Lives.smallSegments(root))) {
                MessageQueue queue = new MessageQueue(wal);
                for (String name : new String[] {"fast", "slow"}) {
                    try (MessageQueue.Consumer consumer = queue.consumer(name)) {
                        int next = 0;
                        for (Optional<Entry> it = consumer.poll(Duration.ZERO);
                                it.isPresent();
                                it = consumer.poll(Duration.ZERO)) {
                            int number = number(it.get());
                            if (next == 0) {
                                assertTrue(number <= done.getOrDefault(name, 0) + 1, name + " misses none");
                                assertTrue(
                                        number > committed.getOrDefault(name, 0), name + " repeats no committed one");
                            } else {
                                assertEquals(next, number);
                            }
                            next = number + 1;
                        }
                        assertTrue(next > sent || done.getOrDefault(name, 0) == sent, name + " gets the rest");
                        assertEquals(0, consumer.lag());
                    }
                }
            }
        }
    }

    @Test
    void shouldReplayFromAnyMessageOrTimeAndTellHowFarBehindAConsumerIs() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            MessageQueue queue = new MessageQueue(wal);
            try (MessageQueue.Consumer consumer = queue.consumer("reports")) {
                assertEquals(0, consumer.lag());
                for (int i = 1; i <= 100; i++) {
                    queue.send(message(i));
                }
                assertEquals(100, consumer.lag());
                consumer.seek(51);
                Entry middle = consumer.poll(Duration.ZERO).orElseThrow();
                assertEquals(51, number(middle));
                assertEquals(49, consumer.lag());

                Instant time = middle.record().timestamp().orElseThrow();
                consumer.seek(time);
                Entry first = consumer.poll(Duration.ZERO).orElseThrow();
                assertEquals(time, first.record().timestamp().orElseThrow());
                assertTrue(number(first) <= 51);

                consumer.seek(wal.end());
                assertEquals(Optional.empty(), consumer.poll(Duration.ZERO));
                consumer.seek(Position.START);
                assertEquals(1, number(consumer.poll(Duration.ZERO).orElseThrow()));
            }
        }
    }

    @Test
    void shouldKeepWhatAConsumerHasNotHadAndGoOnWithTheOldestWhereItIsGoneAllTheSame() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            MessageQueue queue = new MessageQueue(wal);
            try (MessageQueue.Consumer slow = queue.consumer("slow");
                    MessageQueue.Consumer fast = queue.consumer("fast")) {
                for (int i = 1; i <= 100; i++) {
                    queue.send(message(i));
                }
                fast.seek(wal.end());
                fast.commit();
                assertEquals(0, queue.trim(), "the slow one holds everything");
                slow.seek(50);
                slow.commit();
                assertTrue(queue.trim() > 2);
                assertEquals(50, number(slow.poll(Duration.ZERO).orElseThrow()));

                queue.forget("slow");
                assertTrue(queue.trim() > 2, "and now it does not");
                queue.send(message(101));
                slow.seek(Position.START);
                assertEquals(101, number(slow.poll(Duration.ZERO).orElseThrow()));
            }
        }
    }

    @Test
    void shouldWaitForAMessageThatIsSentLater() {
        try (Wal wal = Wal.open(Lives.smallSegments(temp))) {
            MessageQueue queue = new MessageQueue(wal);
            try (MessageQueue.Consumer consumer = queue.consumer("waiting")) {
                CompletableFuture<Optional<Entry>> polled =
                        CompletableFuture.supplyAsync(() -> consumer.poll(Duration.ofMinutes(1)));
                queue.send(message(1));
                assertEquals(1, number(polled.join().orElseThrow()));
            }
        }
    }
}
