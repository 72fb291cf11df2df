package io.walnut.tck.bench;

import io.walnut.tck.bench.Case.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Measures Walnut and its limits in turn, A B A B, so that what disturbs one disturbs the other too. */
public final class Bench {
    private static final int ATTEMPTS = 500;
    private static final int ATTEMPT_MILLIS = 20;

    /** Is told how far it is. */
    public interface Listener {
        /**
         * What is kept during the first runs is written.
         *
         * @param bytes how much
         */
        void filling(long bytes);

        /**
         * Something begins.
         *
         * @param row of the rows, counted from 1
         * @param rows how many there will be
         * @param what is measured
         * @param run the run, counted from 1; 0 is the one that warms up
         */
        void running(int row, int rows, String what, int run);
    }

    private final Plan plan;
    private final Listener listener;
    private final Kept kept;
    private final CountDownLatch ended = new CountDownLatch(1);
    private int directories;
    private volatile boolean stopped;

    private Bench(Plan plan, Listener listener) {
        this.plan = plan;
        this.kept = new Kept(plan.keepBytes());
        this.listener = listener;
    }

    /**
     * Measures. What goes wrong with one workload stands in its row, and the others are measured all the same.
     *
     * @param plan what; its workloads are known and its directory is there
     * @param command what was typed
     * @param listener is told how far it is
     * @return what came out
     * @throws IOException if the directory cannot be used
     */
    public static Report run(Plan plan, String command, Listener listener) throws IOException {
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Bench bench = new Bench(plan, listener);
        List<Case> cases = Workloads.cases(plan);
        List<Row> rows = new ArrayList<>();
        Thread ifStopped = new Thread(bench::stop);
        Runtime.getRuntime().addShutdownHook(ifStopped);
        try (Kept kept = bench.kept) {
            if (plan.keepBytes() > 0) {
                listener.filling(plan.keepBytes());
                kept.fill(plan.directory());
            }
            for (Case each : cases) {
                rows.add(bench.measure(each, rows.size() + 1, cases.size()));
            }
        } finally {
            bench.ended.countDown();
        }
        Runtime.getRuntime().removeShutdownHook(ifStopped);
        return new Report(Machine.of(plan.directory()), date, command, plan, rows);
    }

    private Row measure(Case what, int row, int rows) throws IOException {
        Path shared = newDirectory();
        Runs runs = new Runs(what);
        String label = what.workload() + " " + what.configuration();
        try {
            listener.running(row, rows, label, 0);
            Sides sides = what.work().prepare(shared);
            for (Side side : sides.all()) {
                once(side, null);
            }
            boolean always = what.timing() == Timing.ALWAYS;
            for (int run = 1; run <= plan.runs(); run++) {
                listener.running(row, rows, label, run);
                for (int side = 0; side < sides.all().size(); side++) {
                    Runs.OfSide ofSide = runs.of(side);
                    ofSide.add(once(sides.all().get(side), always ? ofSide.latencies : null));
                }
            }
            if (what.timing() == Timing.APART) {
                for (int side = 0; side < sides.all().size(); side++) {
                    once(sides.all().get(side), runs.of(side).latencies);
                }
            }
            return runs.row(null, null);
        } catch (SkippedException e) {
            return runs.row(String.valueOf(e.getMessage()), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while measuring", e);
        } catch (Exception e) {
            return runs.row(null, e.toString());
        } finally {
            Directories.unmap();
            Directories.delete(shared);
        }
    }

    private Sample once(Side side, @Nullable Latencies latencies) throws Exception {
        Path directory = newDirectory();
        try {
            return side.run(new Trial(directory, latencies));
        } finally {
            Directories.unmap();
            kept.add(directory);
        }
    }

    private Path newDirectory() throws IOException {
        if (stopped) {
            throw new IOException("stopped");
        }
        return Files.createDirectory(plan.directory().resolve("run-" + directories++));
    }

    /** The process is stopped. What is measured goes on until it misses its files, and may put back a few until then. */
    private void stop() {
        stopped = true;
        boolean gone = false;
        for (int attempt = 0; attempt < ATTEMPTS && !gone; attempt++) {
            try {
                boolean nothingComes = ended.await(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS);
                if (Files.exists(plan.directory())) {
                    Directories.delete(plan.directory());
                }
                gone = nothingComes;
            } catch (IOException | UncheckedIOException e) {
                // something was put back meanwhile
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
