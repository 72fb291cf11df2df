package io.walnut.tck.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @Test
    void shouldGiveTheMedianOfThePairwiseRatios() {
        Row row = row(Measure.APPENDS, List.of(run(10), run(20), run(90)), List.of(run(10), run(40), run(30)));

        assertEquals(new Stats(1, 0.5, 3), row.ratio());
        assertEquals(20, row.walnut().median());
        assertEquals(30, row.limit().values(row.measure()).median());
    }

    @Test
    void shouldTakeTheMiddleOfAnEvenNumber() {
        assertEquals(new Stats(2.5, 1, 9), Stats.of(new double[] {9, 2, 3, 1}));
        assertTrue(Double.isNaN(Stats.of(new double[0]).median()));
    }

    @Test
    void shouldTellWhetherATargetIsMet() {
        Row half = row(Measure.APPENDS, List.of(run(10)), List.of(run(20)));
        assertTrue(Target.ratio(0.5).met(half));
        assertFalse(Target.ratio(0.51).met(half));
        assertTrue(Target.allocating(32).met(half));
        assertFalse(Target.allocating(31).met(half));

        Row alone = row(Measure.MILLIS_PER_SEGMENT, List.of(run(5000)), List.of());
        assertTrue(Target.atMost(0.2).met(alone));
        assertFalse(Target.atMost(0.19).met(alone));
        assertFalse(Target.ratio(0).met(alone));
    }

    @Test
    void shouldCompareAColdRowWithBothLimitsAndTheDevice() {
        Row row = new Row(
                "w",
                "c",
                Measure.APPENDS,
                List.of(),
                new Series("", List.of(cold(40, 44), cold(60, 66), cold(60, 120)), null),
                List.of(
                        new Series("R", List.of(cold(10, 1), cold(10, 1), cold(20, 1)), null),
                        new Series("S", List.of(cold(80, 1), cold(100, 1), cold(100, 1)), null)),
                null,
                null);

        assertEquals(new Stats(4, 3, 6), row.ratio());
        assertEquals(0.6, row.ratio(row.limit(1)).median());
        assertTrue(Target.ofWrites(4).met(row));
        assertFalse(Target.ofStage(0.61).met(row));
        assertTrue(Target.deviceBytes(1.11).met(row));
        assertFalse(Target.deviceBytes(1.09).met(row));
        assertFalse(Target.deviceBytes(9).met(row(Measure.APPENDS, List.of(run(1)), List.of(run(1)))));
        assertEquals(25, row.log().cpuNanosPerUnit());
        assertEquals(0.1, row.limit(0).deviceBytesPerByte());
    }

    @ParameterizedTest
    @CsvSource({
        "APPENDS, 950, 950 appends/s",
        "APPENDS, 11_630_000, 11.6 M appends/s",
        "BATCHES, 999_600, 1.00 M batches/s",
        "BYTES, 4_210_000_000, 4.21 GB/s",
        "MILLIS_PER_SEGMENT, 0.2134, 0.213 ms/segment"
    })
    void shouldWriteValuesAsPeopleReadThem(Measure measure, String value, String expected) {
        assertEquals(expected, measure.format(Double.parseDouble(value.replace("_", ""))));
    }

    @Test
    void shouldDrawTheSamePayloadFromTheSameSeed() {
        assertArrayEquals(Payload.json(5, 1000).value(3), Payload.json(5, 1000).value(3));
        assertArrayEquals(
                Payload.random(5, 100).plain(7), Payload.random(5, 100).plain(7));
        assertEquals(1000, Payload.json(5, 1000).value(3).length);
        assertEquals(116, Payload.random(5, 100).recordBytes());
    }

    /** A byte for each unit. */
    private static Sample cold(long units, long deviceBytes) {
        return new Sample(units, units, 1_000_000_000, 1500, 0, deviceBytes, "");
    }

    private static Sample run(long units) {
        return new Sample(units, 0, 1_000_000_000, 0, 32.4, "");
    }

    private static Row row(Measure measure, List<Sample> walnut, List<Sample> limit) {
        return new Row(
                "w",
                "c",
                measure,
                List.of(),
                new Series("", walnut, null),
                List.of(new Series("l", limit, null)),
                null,
                null);
    }
}
