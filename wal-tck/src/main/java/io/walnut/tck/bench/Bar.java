package io.walnut.tck.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A bar of a chart.
 *
 * @param label names the row
 * @param median its length
 * @param least the start of its spread
 * @param most the end of its spread
 * @param targets where targets are marked
 * @param value stands beside it
 */
record Bar(String label, double median, double least, double most, List<Double> targets, String value) {
    /** {@return the ratios of a row to each of its limits} */
    static Stream<Bar> ratios(Row row) {
        return row.limits().stream().map(limit -> ratio(row, limit, row.limits().indexOf(limit)));
    }

    private static Bar ratio(Row row, Series limit, int number) {
        Stats ratio = row.ratio(limit);
        Target.Of of =
                !row.cold() ? Target.Of.RATIO : number == 0 ? Target.Of.RATIO_TO_WRITES : Target.Of.RATIO_TO_STAGE;
        return new Bar(
                label(row) + (row.cold() ? " / " + limit.name().charAt(0) : ""),
                ratio.median(),
                ratio.min(),
                ratio.max(),
                targets(row, of),
                row.measure().format(row.walnut().median()) + String.format(Locale.ROOT, "   %.2f", ratio.median()));
    }

    /** {@return what the device wrote for the log of a row, if it was counted} */
    static Stream<Bar> deviceBytes(Row row) {
        double written = row.log().deviceBytesPerByte();
        if (Double.isNaN(written)) {
            return Stream.empty();
        }
        String value =
                String.format(Locale.ROOT, "%.0f ns CPU   %.2f", row.log().cpuNanosPerUnit(), written);
        return Stream.of(new Bar(label(row), written, written, written, targets(row, Target.Of.DEVICE_BYTES), value));
    }

    private static String label(Row row) {
        return row.workload() + "  " + row.configuration();
    }

    private static List<Double> targets(Row row, Target.Of of) {
        return row.targets().stream()
                .filter(target -> target.of() == of)
                .map(Target::bound)
                .toList();
    }
}
