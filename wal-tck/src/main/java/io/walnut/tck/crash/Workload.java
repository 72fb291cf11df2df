package io.walnut.tck.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What is done to a log.
 *
 * @param steps one after another, on a new disk
 */
public record Workload(List<Step> steps) {
    private static final List<Step> STEPS = List.of(Step.values());

    /** Copies the list. */
    public Workload {
        steps = List.copyOf(steps);
    }

    /** {@return a workload of these steps} */
    public static Workload of(Step... steps) {
        return new Workload(Arrays.asList(steps));
    }

    /** {@return every workload of this length, of steps of which all are tried} */
    public static List<Workload> allOfLength(int length) {
        if (length == 0) {
            return List.of(new Workload(List.of()));
        }
        List<Workload> all = new ArrayList<>();
        for (Workload shorter : allOfLength(length - 1)) {
            for (Step step : Step.values()) {
                if (step.isEnumerated()) {
                    List<Step> longer = new ArrayList<>(shorter.steps);
                    longer.add(step);
                    all.add(new Workload(longer));
                }
            }
        }
        return all;
    }

    /** {@return workloads of random steps, the same ones for the same seed} */
    public static List<Workload> samples(long seed, int count, int shortest, int longest) {
        Random random = new Random(seed);
        List<Workload> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Step> steps = new ArrayList<>();
            int length = shortest + random.nextInt(longest - shortest + 1);
            while (steps.size() < length) {
                steps.add(STEPS.get(random.nextInt(STEPS.size())));
            }
            samples.add(new Workload(steps));
        }
        return samples;
    }

    /** {@return the workload that {@link #toString} told} */
    public static Workload parse(String text) {
        return new Workload(
                Arrays.stream(text.split(",", -1)).map(Step::valueOf).toList());
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::name).collect(Collectors.joining(","));
    }
}
