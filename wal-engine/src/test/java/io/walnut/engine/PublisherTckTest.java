package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.engine.storage.MemoryStorage;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterMethod;

/** The publisher keeps to the rules of Reactive Streams, as their own kit checks them. */
class PublisherTckTest {
    @TempDir
    Path temp;

    /** A log that stays open: its stream does not end, so that nothing about completion is checked. */
    public static class OfAnOpenLog extends LogVerification {
        /** For TestNG. */
        public OfAnOpenLog() {}

        @Override
        public Flow.Publisher<Entry> createFlowPublisher(long elements) {
            return log(Math.min(elements, 1_000)).publisher(Position.START);
        }

        @Override
        public long maxElementsFromPublisher() {
            return publisherUnableToSignalOnComplete();
        }
    }

    /** A log that was opened for reading only: it ends. */
    public static class OfALogThatEnds extends LogVerification {
        /** For TestNG. */
        public OfALogThatEnds() {}

        @Override
        public Flow.Publisher<Entry> createFlowPublisher(long elements) {
            MemoryStorage storage = new MemoryStorage("ends");
            Wal wal = opened(Engine.builder(Path.of("ends")).storage(storage).open());
            if (elements == 0) { // a log that was never appended to is not there
                fill(wal, 1);
                wal.deleteSegmentsBefore(wal.end());
            } else {
                fill(wal, elements);
            }
            wal.close();
            return opened(Engine.builder(Path.of("ends"))
                            .storage(storage)
                            .build()
                            .openReadOnly())
                    .publisher(Position.START);
        }

        @Override
        public long maxElementsFromPublisher() {
            return 5_000;
        }
    }

    abstract static class LogVerification extends FlowPublisherVerification<Entry> {
        private final List<Wal> open = new ArrayList<>();

        LogVerification() {
            super(new TestEnvironment(10_000, 50, 20));
        }

        Wal log(long records) {
            Wal wal = opened(Engine.builder(Path.of("log"))
                    .storage(new MemoryStorage("log"))
                    .open());
            fill(wal, records);
            return wal;
        }

        Wal opened(Wal wal) {
            open.add(wal);
            return wal;
        }

        static void fill(Wal wal, long records) {
            for (long i = 0; i < records; i++) {
                wal.append(Logs.put("key " + i, "value"));
            }
        }

        @Override
        public Flow.Publisher<Entry> createFailedFlowPublisher() {
            return log(1).publisher(new Position(7, 7));
        }

        /** Between two rules. */
        @AfterMethod
        public void close() {
            open.forEach(Wal::close);
            open.clear();
        }
    }

    @Test
    void shouldKeepToEveryRule() {
        Set<String> open = passed(run(OfAnOpenLog.class));
        Set<String> ends = passed(run(OfALogThatEnds.class));

        assertEquals(Set.of("required_spec317_mustNotSignalOnErrorWhenPendingAboveLongMaxValue"), without(open, ends));
        open.addAll(ends);
        assertEquals(rules(), open);
    }

    /** All but those that the kit names without checking them. */
    private static Set<String> rules() {
        return Stream.of(FlowPublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .map(Method::getName)
                .filter(name -> !name.startsWith("untested_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(Set<String> all, Set<String> those) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(those);
        return left;
    }

    private TestListenerAdapter run(Class<?> verification) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG suite = new TestNG(false);
        suite.setTestClasses(new Class<?>[] {verification});
        suite.setOutputDirectory(temp.toString());
        suite.addListener(results);
        suite.run();
        for (ITestResult failed : results.getFailedTests()) {
            throw new AssertionError(failed.getName(), failed.getThrowable());
        }
        assertEquals(List.of(), results.getConfigurationFailures());
        return results;
    }

    private static Set<String> passed(TestListenerAdapter results) {
        return results.getPassedTests().stream()
                .map(ITestResult::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
