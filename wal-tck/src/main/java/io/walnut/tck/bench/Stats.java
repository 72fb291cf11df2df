package io.walnut.tck.bench;

import java.util.Arrays;

/**
 * Several runs together.
 *
 * @param median of them
 * @param min the least
 * @param max the greatest
 */
public record Stats(double median, double min, double max) {
    static Stats of(double[] values) {
        if (values.length == 0) {
            return new Stats(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Stats(median, sorted[0], sorted[sorted.length - 1]);
    }
}
