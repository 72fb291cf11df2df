package io.walnut.tck.bench;

import io.walnut.tck.bench.Case.Timing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Everything that can be measured, by name, and what it should reach. */
public final class Workloads {
    private static final int SMALL = 100;
    private static final int MEDIUM = 1024;
    private static final int LARGE = 10 * 1024;
    private static final Target LITTLE_ALLOCATION = Target.allocating(32);

    private final Map<String, Consumer<List<Case>>> all = new LinkedHashMap<>();
    private final Logs logs;
    private final Scale scale;
    private final long seed;
    private final Payload medium;

    private Workloads(Plan plan) {
        scale = plan.scale();
        logs = new Logs(plan.config(), scale.quietPauses);
        seed = plan.seed();
        medium = Payload.random(seed, MEDIUM);
        all.putAll(new ColdWorkloads(plan, logs).all());
        appends("prepared-100", SMALL, 0.5);
        appends("prepared-1k", MEDIUM, 0.5);
        appends("prepared-10k", LARGE, 0.7);
        sustained();
        rotations();
        eightThreads();
        metered();
        always(1, false, 0.95);
        always(8, false, 3.5);
        always(64, false, 14);
        always(256, false, 20);
        always(64, true, 22);
        always(256, true, 65);
        async();
        for (int size : new int[] {10, 100, 1000}) {
            batches(size);
        }
        reading();
        opening();
        codec("lz4");
        codec("zstd");
        growing();
    }

    /** {@return the names, in the order in which they run} */
    public static Set<String> names() {
        return new Workloads(new Plan(Path.of(""), Map.of(), List.of(), 1, Scale.TINY, 0, 0)).all.keySet();
    }

    /**
     * The workloads that a name or a pattern stands for.
     *
     * @param pattern a name; {@code *} stands for any characters
     * @return their names, in the order in which they run; none if there is no such workload
     */
    public static List<String> matching(String pattern) {
        Predicate<String> matches = Pattern.compile(Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                .asMatchPredicate();
        return names().stream().filter(matches).toList();
    }

    /** The cases of some workloads, or of all if none is named. */
    static List<Case> cases(Plan plan) {
        Workloads workloads = new Workloads(plan);
        List<Case> cases = new ArrayList<>();
        for (String name : plan.works().isEmpty() ? workloads.all.keySet() : plan.works()) {
            Consumer<List<Case>> workload = workloads.all.get(name);
            if (workload == null) {
                throw new IllegalArgumentException("no workload " + name);
            }
            workload.accept(cases);
        }
        return cases;
    }

    private List<String> policies() {
        String asked = logs.fsyncAsked();
        return asked == null ? List.of("os", "batch") : List.of(asked);
    }

    private void appends(String name, int valueBytes, double ratio) {
        Payload payload = Payload.random(seed, valueBytes);
        AppendWork work = new AppendWork(logs, payload);
        int records = work.recordsIn(scale.burstBytes);
        Side limit = CopyLimit.burst(payload, records);
        all.put(name, cases -> {
            policies()
                    .forEach(policy -> cases.add(new Case(
                            name,
                            logs.name(policy),
                            List.of(CopyLimit.BURST),
                            Measure.APPENDS,
                            Timing.APART,
                            List.of(Target.ratio(ratio), LITTLE_ALLOCATION),
                            directory -> new Sides(work.burst(Logs.fsync(policy), scale.burstBytes), limit))));
            Side stamped = Floor.stamped(payload, records);
            cases.add(floor(name, Floor.STAMPED, CopyLimit.BURST, Measure.APPENDS, stamped, limit));
            Side forced = Floor.stampedAndForced(payload, records);
            cases.add(floor(name, Floor.FORCED, CopyLimit.BURST, Measure.APPENDS, forced, limit));
        });
    }

    private static Case floor(String name, String what, String limitName, Measure measure, Side floor, Side limit) {
        return new Case(
                name, what, List.of(limitName), measure, Timing.NEVER, List.of(), directory -> new Sides(floor, limit));
    }

    private void sustained() {
        String name = "prepared-1k-sustained";
        AppendWork work = new AppendWork(logs, medium);
        all.put(name, cases -> {
            policies()
                    .forEach(policy -> cases.add(new Case(
                            name,
                            logs.name(policy),
                            List.of(CopyLimit.SUSTAINED),
                            Measure.APPENDS,
                            Timing.ALWAYS,
                            List.of(Target.ratio(0.8), LITTLE_ALLOCATION),
                            directory -> new Sides(
                                    work.sustained(Logs.fsync(policy), scale.sustainedBytes),
                                    CopyLimit.sustained(medium, scale.sustainedBytes)))));
            Side limit = CopyLimit.sustained(medium, scale.sustainedBytes);
            Side forced = CopyLimit.sustainedAndForced(medium, scale.sustainedBytes);
            cases.add(floor(name, CopyLimit.FORCED, CopyLimit.SUSTAINED, Measure.APPENDS, forced, limit));
        });
    }

    private void rotations() {
        String name = "rotation-1k";
        all.put(
                name,
                cases -> policies()
                        .forEach(policy -> cases.add(new Case(
                                name,
                                logs.name(policy, "wal.meter"),
                                List.of("the longest force of the same run"),
                                Measure.LONGEST_MILLIS,
                                Timing.NEVER,
                                List.of(Target.ratioAtMost(1)),
                                directory ->
                                        new StallWork(logs, medium, scale.sustainedBytes).sides(Logs.fsync(policy))))));
    }

    private void eightThreads() {
        String name = "prepared-1k-8threads";
        AppendWork work = new AppendWork(logs, medium);
        int threads = 8;
        int records = work.recordsIn(scale.burstBytes);
        all.put(name, cases -> {
            policies()
                    .forEach(policy -> cases.add(new Case(
                            name,
                            logs.name(policy),
                            List.of("Walnut with one thread"),
                            Measure.APPENDS,
                            Timing.NEVER,
                            List.of(Target.ratio(0.8), LITTLE_ALLOCATION),
                            directory -> new Sides(
                                    work.burst(Logs.fsync(policy), scale.burstBytes, threads),
                                    work.burst(Logs.fsync(policy), scale.burstBytes)))));
            Side together = Floor.stampedTogether(medium, records, threads);
            Side alone = Floor.stampedTogether(medium, records, 1);
            cases.add(floor(name, Floor.TOGETHER, Floor.ALONE, Measure.APPENDS, together, alone));
        });
    }

    private void metered() {
        String name = "prepared-1k-metered";
        AppendWork work = new AppendWork(logs, medium);
        all.put(
                name,
                cases -> List.of("jfr", "log")
                        .forEach(meter -> cases.add(new Case(
                                name,
                                logs.name("os", "wal.meter") + " meter=" + meter,
                                List.of("Walnut without a meter"),
                                Measure.APPENDS,
                                Timing.NEVER,
                                List.of(Target.ratio(0.99), LITTLE_ALLOCATION),
                                directory -> new Sides(
                                        work.burst(Map.of("wal.fsync", "os", "wal.meter", meter), scale.burstBytes),
                                        work.burst(
                                                Map.of("wal.fsync", "os", "wal.meter", "none"), scale.burstBytes))))));
    }

    private void always(int threads, boolean virtual, double ratio) {
        String name = "prepared-always-" + threads + (virtual ? "-virtual" : "");
        CommitWork work = new CommitWork(logs, medium, scale);
        Side limit = work.limit(1);
        Sides walnut = new Sides(work.always(threads, virtual), limit);
        Sides floor = new Sides(GroupFloor.of(medium, threads, virtual, scale.forcingNanos, scale.burstBytes), limit);
        all.put(name, cases -> {
            cases.add(forced(name, logs.name("always"), List.of(Target.ratio(ratio)), virtual, walnut));
            if (threads > 1) {
                cases.add(forced(name, GroupFloor.NAME, List.of(), virtual, floor));
            } else {
                Side noted = Floor.notedBatches(medium, 1, scale.forcingNanos, scale.burstBytes);
                cases.add(floor(name, Floor.NOTED, ForceLimit.NAME, Measure.APPENDS, noted, limit));
            }
        });
    }

    private static Case forced(String name, String configuration, List<Target> targets, boolean virtual, Sides sides) {
        return new Case(
                name, configuration, List.of(ForceLimit.NAME), Measure.APPENDS, Timing.ALWAYS, targets, directory -> {
                    Crowd.executor(1, virtual).shutdown(); // skipped where there are no such threads
                    return sides;
                });
    }

    private void async() {
        CommitWork work = new CommitWork(logs, medium, scale);
        all.put(
                "prepared-async",
                cases -> cases.add(new Case(
                        "prepared-async",
                        logs.name("always"),
                        List.of(ForceLimit.NAME),
                        Measure.APPENDS,
                        Timing.APART,
                        List.of(Target.ratio(80)),
                        directory -> new Sides(work.async(), work.limit(1)))));
    }

    private void batches(int size) {
        CommitWork work = new CommitWork(logs, medium, scale);
        String name = "prepared-batch-" + size;
        String limitName = "one raw write + force(false) of as many bytes";
        Side limit = work.limit(size);
        all.put(name, cases -> {
            cases.add(new Case(
                    name,
                    logs.name("os, sync() after each"),
                    List.of(limitName),
                    Measure.BATCHES,
                    Timing.ALWAYS,
                    List.of(Target.ratio(0.9)),
                    directory -> new Sides(work.batches(size), limit)));
            Side checked = Floor.batches(medium, size, scale.forcingNanos, scale.burstBytes);
            cases.add(floor(name, Floor.CHECKED, limitName, Measure.BATCHES, checked, limit));
            Side noted = Floor.notedBatches(medium, size, scale.forcingNanos, scale.burstBytes);
            cases.add(floor(name, Floor.NOTED, limitName, Measure.BATCHES, noted, limit));
        });
    }

    private void reading() {
        ReadWork work = new ReadWork(logs, medium, scale.replayBytes);
        all.put(
                "replay-1k",
                cases -> cases.add(new Case(
                        "replay-1k",
                        logs.name("1 reader"),
                        List.of(ReadLimit.NAME),
                        Measure.BYTES,
                        Timing.NEVER,
                        List.of(Target.ratio(0.6), Target.allocating(0)),
                        work::replay)));
        for (int readers : new int[] {2, 4}) {
            String name = "readers-" + readers;
            all.put(name, cases -> {
                cases.add(new Case(
                        name,
                        logs.name(readers + " readers"),
                        List.of("Walnut with one reader"),
                        Measure.BYTES,
                        Timing.NEVER,
                        List.of(Target.ratio(1.6)),
                        directory -> work.readers(directory, readers)));
                cases.add(new Case(
                        name,
                        ReadLimit.TOGETHER,
                        List.of(ReadLimit.ALONE),
                        Measure.BYTES,
                        Timing.NEVER,
                        List.of(),
                        directory -> work.rawReaders(directory, readers)));
            });
        }
    }

    private void opening() {
        OpenWork work = new OpenWork(logs, scale, seed);
        String policy = logs.asked().getOrDefault("wal.fsync", "batch");
        all.put("open-killed", cases -> {
            cases.add(killed(logs.name(policy), directory -> work.killed(directory, false)));
            cases.add(killed(logs.name(policy + ", forced before"), directory -> work.killed(directory, true)));
        });
        all.put(
                "open-clean",
                cases -> cases.add(new Case(
                        "open-clean",
                        logs.name(scale.cleanSegments + " segments", "wal.segment.bytes"),
                        List.of(),
                        Measure.MILLIS_PER_SEGMENT,
                        Timing.NEVER,
                        List.of(Target.atMost(0.3)),
                        work::clean)));
    }

    private static Case killed(String configuration, Case.Work work) {
        return new Case(
                "open-killed",
                configuration,
                List.of(ReadLimit.NAME),
                Measure.BYTES,
                Timing.NEVER,
                List.of(Target.ratio(0.6)),
                work);
    }

    private void codec(String codec) {
        CodecWork work = new CodecWork(logs, Payload.json(seed, LARGE), codec, scale);
        String name = "codec-" + codec;
        all.put(name, cases -> {
            cases.add(codec(name, logs.name("os, prepared", "wal.codec"), List.of(Target.ratio(0.9)), work::sides));
            cases.add(codec(name, Floor.COMPRESSED, List.of(), work::floor));
        });
    }

    private static Case codec(String name, String configuration, List<Target> targets, Case.Work work) {
        return new Case(
                name,
                configuration,
                List.of("the codec alone on one thread"),
                Measure.VALUES,
                Timing.ALWAYS,
                targets,
                work);
    }

    private void growing() {
        OpenWork work = new OpenWork(logs, scale, seed);
        all.put(
                "many-segments",
                cases -> cases.add(new Case(
                        "many-segments",
                        logs.name("os, prepared, " + scale.manySegments + " more segments", "wal.segment.bytes"),
                        List.of("Walnut with " + OpenWork.FEW_SEGMENTS + " more segments"),
                        Measure.APPENDS,
                        Timing.NEVER,
                        List.of(),
                        work::manySegments)));
        all.put("many-logs", cases -> {
            for (int count : new TreeSet<>(Arrays.asList(Math.min(100, scale.manyLogs), scale.manyLogs))) {
                cases.add(manyLogs(work, count));
            }
        });
    }

    private Case manyLogs(OpenWork work, int count) {
        return new Case(
                "many-logs",
                logs.name(count + " logs"),
                List.of(),
                Measure.LOGS,
                Timing.NEVER,
                List.of(),
                directory -> work.manyLogs(count));
    }
}
