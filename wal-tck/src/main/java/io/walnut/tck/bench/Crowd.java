package io.walnut.tck.bench;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Threads that do the same at the same time, until the time is over or enough is done. */
final class Crowd {
    private static final int LEAD_IN_CALLS = 20;

    /** What each thread does over and over. */
    interface Call {
        void run(int number) throws Exception;
    }

    private final Trial trial;
    private final Call call;
    private final long nanos;
    private final AtomicLong left;
    private final CountDownLatch ready;
    private final CountDownLatch go = new CountDownLatch(1);

    private Crowd(Trial trial, int threads, Call call, long nanos, long maxCalls) {
        this.trial = trial;
        this.call = call;
        this.nanos = nanos;
        this.left = new AtomicLong(maxCalls);
        this.ready = new CountDownLatch(threads);
    }

    /**
     * Runs calls, each thread after a few that do not count.
     *
     * @param executor runs each thread at once; shut down by this
     * @param recordsPerCall how many records a call appends
     * @param recordBytes how many bytes a record has
     */
    static Sample run(
            Trial trial,
            ExecutorService executor,
            int threads,
            Call call,
            long nanos,
            long maxCalls,
            int recordsPerCall,
            int recordBytes)
            throws Exception {
        Crowd crowd = new Crowd(trial, threads, call, nanos, maxCalls);
        try {
            List<Future<long[]>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * 31;
                results.add(executor.submit(() -> crowd.work(first)));
            }
            crowd.ready.await();
            Stopwatch watch = Stopwatch.start();
            crowd.go.countDown();
            long calls = 0;
            long allocated = 0;
            for (Future<long[]> result : results) {
                long[] done = get(result);
                calls += done[0];
                allocated = done[1] < 0 || allocated < 0 ? -1 : allocated + done[1];
            }
            long records = calls * recordsPerCall;
            Sample sample = watch.stop(records, records * recordBytes);
            double perRecord = allocated < 0 ? Double.NaN : (double) allocated / Math.max(1, records);
            return new Sample(records, sample.bytes(), sample.nanos(), sample.cpuNanos(), perRecord, "");
        } finally {
            executor.shutdownNow();
        }
    }

    /** {@return how many calls were done, and what they allocated, negative where the JVM does not tell} */
    private long[] work(int first) throws Exception {
        Latencies latencies = trial.latencies();
        Histogram part = (latencies == null ? new Latencies() : latencies).part();
        int number = first;
        try {
            for (int lead = 0; lead < LEAD_IN_CALLS; lead++) {
                call.run(number++);
            }
        } finally {
            ready.countDown();
        }
        go.await();
        long calls = 0;
        long allocated = Usage.allocatedBytes();
        long now = System.nanoTime();
        long end = now + nanos;
        while (now < end && left.getAndDecrement() > 0) {
            call.run(number++);
            calls++;
            long last = now;
            now = System.nanoTime();
            Latencies.record(part, now - last);
        }
        return new long[] {calls, allocated < 0 ? -1 : Usage.allocatedBytes() - allocated};
    }

    /** Threads that do the same once, all at the same time: their bytes and units together, in the time of all. */
    static Sample once(int threads, Callable<Sample> what) throws Exception {
        ExecutorService executor = executor(threads, false);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Sample>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                results.add(executor.submit(() -> {
                    ready.countDown();
                    go.await();
                    return what.call();
                }));
            }
            ready.await();
            Stopwatch watch = Stopwatch.start();
            go.countDown();
            long units = 0;
            long bytes = 0;
            double allocated = 0;
            for (Future<Sample> result : results) {
                Sample sample = get(result);
                units += sample.units();
                bytes += sample.bytes();
                allocated += sample.allocatedPerRecord() / threads;
            }
            Sample all = watch.stop(units, bytes);
            return new Sample(units, bytes, all.nanos(), all.cpuNanos(), allocated, "");
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> T get(Future<T> result) throws Exception {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** {@return how many bytes the calls append that do not count} */
    static long leadInBytes(int threads, int bytesPerCall) {
        return (long) threads * LEAD_IN_CALLS * bytesPerCall;
    }

    /**
     * Runs so many at once, each on a thread of its own.
     *
     * @param virtual whether they are virtual threads
     * @throws SkippedException if they are, before JDK 21
     */
    static ExecutorService executor(int threads, boolean virtual) throws SkippedException {
        if (!virtual) {
            return Executors.newFixedThreadPool(threads);
        }
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            throw new SkippedException("virtual threads need JDK 21 or newer");
        } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
            throw new SkippedException("virtual threads are not to be had: " + e);
        }
    }
}
