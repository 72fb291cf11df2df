package io.walnut.tck.bench;

import io.walnut.tck.bench.Case.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The workloads of a new log, by name: sizes, threads, bursts and sustained appends, and batches that are forced. */
final class ColdWorkloads {
    private static final int THREADS = 8;
    private static final int SUSTAINED_TIMES = 10; // how much longer than a burst appends are forced
    private static final String ALWAYS = "always";

    private final Map<String, Consumer<List<Case>>> all = new LinkedHashMap<>();
    private final Plan plan;
    private final Logs logs;

    ColdWorkloads(Plan plan, Logs logs) {
        this.plan = plan;
        this.logs = logs;
        sizes("100", 100, 12, 0.6);
        sizes("1k", 1024, 6, 0.7);
        sizes("10k", 10 * 1024, 3, 0.7);
        batches(10, 0.9);
        batches(100, 0.9);
        batches(1000, 0.8);
    }

    Map<String, Consumer<List<Case>>> all() {
        return all;
    }

    private void sizes(String size, int valueBytes, double ofWrites, double ofStage) {
        Payload payload = Payload.random(plan.seed(), valueBytes);
        List<Target> burst = List.of(Target.ofWrites(ofWrites), Target.ofStage(ofStage));
        List<Target> sustained = List.of(Target.ofStage(0.8), Target.deviceBytes(1.1));
        burst("cold-" + size, payload, 1, burst);
        burst("cold-" + size + "-8threads", payload, THREADS, List.of());
        sustained("cold-" + size + "-sustained", payload, 1, sustained);
        sustained("cold-" + size + "-8threads-sustained", payload, THREADS, List.of(Target.deviceBytes(1.1)));
    }

    private void burst(String name, Payload payload, int threads, List<Target> targets) {
        appends(name, payload, threads, plan.scale().burstBytes, 1, List.of("os", "batch", ALWAYS), targets);
    }

    /** Appends that are forced one by one are measured for long only if they are asked for. */
    private void sustained(String name, Payload payload, int threads, List<Target> targets) {
        appends(name, payload, threads, plan.scale().sustainedBytes, SUSTAINED_TIMES, List.of("os", "batch"), targets);
    }

    private void appends(
            String name,
            Payload payload,
            int threads,
            long bytes,
            int times,
            List<String> policies,
            List<Target> targets) {
        long records = bytes / payload.recordBytes();
        Load unforced = Load.unforced(payload, threads, records);
        Load forced = Load.forced(payload, threads, 1, records, times * plan.scale().forcingNanos);
        String asked = logs.fsyncAsked();
        List<Case> cases = new ArrayList<>();
        for (String policy : asked == null ? policies : List.of(asked)) {
            cases.add(
                    policy.equals(ALWAYS)
                            ? cold(name, policy, policy, forced, List.of())
                            : cold(name, policy, policy, unforced, targets));
        }
        all.put(name, to -> to.addAll(cases));
    }

    private void batches(int size, double ofWrites) {
        String name = "cold-batch-" + size;
        String asked = logs.fsyncAsked();
        String policy = asked == null ? "os" : asked;
        Payload payload = Payload.random(plan.seed(), 1024);
        Load load = Load.forced(
                payload, 1, size, plan.scale().burstBytes / payload.recordBytes(), plan.scale().forcingNanos);
        Case only = cold(name, policy, policy + ", sync() after each", load, List.of(Target.ofWrites(ofWrites)));
        all.put(name, to -> to.add(only));
    }

    private Case cold(String name, String policy, String configuration, Load load, List<Target> targets) {
        return new Case(
                name,
                logs.name(configuration),
                load.forced()
                        ? List.of(WriteLimit.FORCED, StageLimit.FORCED)
                        : List.of(WriteLimit.NAME, StageLimit.NAME),
                Measure.APPENDS,
                load.forced() ? Timing.ALWAYS : Timing.APART,
                targets,
                directory -> {
                    Directories.force(plan.directory()); // so that the device writes no more of earlier rows
                    return new ColdWork(load).sides(logs, Logs.fsync(policy));
                });
    }
}
