package io.walnut.tck.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTest {
    @TempDir
    Path temp;

    @Test
    void shouldDeleteTheOldestOnceAsMuchWasWrittenAfterIt() throws IOException {
        Path[] runs = {run("a", 40), run("b", 50), run("c", 30), run("d", 25)};
        try (Kept kept = new Kept(100)) {
            kept.add(runs[0]);
            kept.add(runs[1]);
            kept.add(runs[2]);
            assertEquals(List.of(true, true, true, true), there(runs));
            kept.add(runs[3]);
            assertEquals(List.of(false, true, true, true), there(runs));
        }
        assertEquals(List.of(false, false, false, false), there(runs));
    }

    @Test
    void shouldDeleteAtOnceWhereNothingIsToBeKept() throws IOException {
        Path run = run("a", 40);
        try (Kept kept = new Kept(0)) {
            kept.fill(temp);
            kept.add(run);
            assertFalse(Files.exists(run));
        }
    }

    /** Zeros stand for what was written before the first run. */
    @Test
    void shouldBeginWithAsMuchAsIsKept() throws IOException {
        try (Kept kept = new Kept(1000)) {
            kept.fill(temp);
            assertEquals(1000, bytesBelow(temp));
            kept.add(run("a", 999));
            assertEquals(1999, bytesBelow(temp));
            kept.add(run("b", 1));
            assertEquals(1000, bytesBelow(temp));
        }
    }

    @Test
    void shouldHoldWhatEarlierRunsOfABenchWroteAndLeaveNothing() throws IOException {
        long keep = 1 << 20;
        Plan plan = new Plan(temp, Map.of(), List.of("prepared-100"), 2, Scale.TINY, keep, 1);
        Bench.run(plan, "", new Bench.Listener() {
            @Override
            public void filling(long bytes) {
                assertEquals(keep, bytes);
            }

            @Override
            public void running(int row, int rows, String what, int run) {
                assertTrue(bytesBelow(temp) >= keep, what);
            }
        });
        assertEquals(0, bytesBelow(temp));
    }

    private static long bytesBelow(Path directory) {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path run(String name, int bytes) throws IOException {
        Path directory = Files.createDirectory(temp.resolve(name));
        Files.write(directory.resolve("file"), new byte[bytes - 1]);
        Files.write(Files.createDirectory(directory.resolve("below")).resolve("file"), new byte[1]);
        return directory;
    }

    private static List<Boolean> there(Path... paths) {
        return Stream.of(paths).map(Files::exists).toList();
    }
}
