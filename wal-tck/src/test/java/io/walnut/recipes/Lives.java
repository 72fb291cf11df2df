package io.walnut.recipes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Checkpoints;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Kills a program at each of its steps in turn: before and after every call that changes a log. What is in its directory
 * then is what another process finds.
 */
final class Lives {
    private static final Set<String> STEPS = Set.of(
            "append",
            "appendBatch",
            "appendAsync",
            "appendBatchAsync",
            "sync",
            "deleteSegmentsBefore",
            "truncateAfter",
            "save",
            "remove",
            "flush");

    /** A program with one life, and what has to hold afterwards. */
    interface Program {
        /** Runs until it is killed; everything it keeps is below {@link Life#root}. */
        void run(Life life) throws IOException;

        /** Looks at what is left. */
        void check(Path root) throws IOException;
    }

    private Lives() {}

    /** Runs new programs, each killed one step later, until one survives; returns how many were killed. */
    static int each(Path temp, Supplier<? extends Program> programs) throws IOException {
        for (int lived = 0; ; lived++) {
            Program program = programs.get();
            Path left = temp.resolve("left-" + lived);
            boolean killed;
            try (Life life = new Life(Files.createDirectory(temp.resolve("life-" + lived)), lived)) {
                killed = life.run(program);
                copy(life.root(), left);
            }
            try {
                program.check(left);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("killed at step " + lived + ": " + e.getMessage(), e);
            }
            if (!killed) {
                return lived;
            }
        }
    }

    /** As {@link #each}, of a program whose choices come from a seed; fails if it was not killed often enough. */
    static void killEverywhere(Path temp, long seed, int atLeast, Supplier<? extends Program> programs)
            throws IOException {
        System.out.println("seed " + seed);
        int kills = each(temp, programs);
        assertTrue(kills > atLeast, () -> "killed " + kills + " times");
    }

    /** {@return a log below a directory, in segments so small that a few records fill one} */
    static WalConfig smallSegments(Path root) {
        return WalConfig.builder(root.resolve("log"))
                .fsync("os")
                .segmentBytes(64 << 10)
                .build();
    }

    /**
     * Copies a directory as it is now, the stage of a log first: what leaves it is in a segment by then. A spare file that
     * goes meanwhile belongs to nobody.
     */
    static void copy(Path directory, Path target) throws IOException {
        Files.createDirectory(target);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted(Comparator.comparing(each -> !each.endsWith("STAGE")))
                    .toList()) {
                Path copy = target.resolve(file.getFileName());
                if (Files.isDirectory(file)) {
                    copy(file, copy);
                } else {
                    try {
                        Files.copy(file, copy);
                    } catch (NoSuchFileException e) {
                        assert file.toString().endsWith(".spare") : file;
                    }
                }
            }
        }
    }

    /** What is thrown into a program that is killed, and that it must not catch. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** One run of a program. */
    static final class Life implements AutoCloseable {
        private final Path root;
        private final int end;
        private final List<Wal> open = new ArrayList<>();
        private int step;

        private Life(Path root, int end) {
            this.root = root;
            this.end = end;
        }

        Path root() {
            return root;
        }

        /** Opens a log whose calls are steps of this life; closed with it. */
        Wal open(WalConfig config) {
            Wal wal = Wal.open(config);
            open.add(wal);
            return mortal(Wal.class, wal);
        }

        private boolean run(Program program) throws IOException {
            try {
                program.run(this);
                return false;
            } catch (Killed e) {
                return true;
            }
        }

        private <T> T mortal(Class<T> type, T target) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        boolean isStep = STEPS.contains(method.getName());
                        if (isStep) {
                            step();
                        }
                        Object result;
                        try {
                            result = method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                        if (isStep) {
                            step();
                        }
                        return result instanceof Checkpoints it ? mortal(Checkpoints.class, it) : result;
                    }));
        }

        private void step() {
            if (step++ >= end) {
                throw new Killed();
            }
        }

        @Override
        public void close() {
            open.forEach(Wal::close);
        }
    }
}
