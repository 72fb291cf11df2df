package io.walnut.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    @Test
    void positionsAreOrderedBySegmentAndThenByOffset() {
        List<Position> ordered = List.of(
                Position.START,
                new Position(0, 1),
                new Position(1, 0),
                new Position(1, Long.MAX_VALUE),
                new Position(2, 0),
                new Position(Long.MAX_VALUE, 0));
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = 0; j < ordered.size(); j++) {
                assertEquals(
                        Integer.signum(Integer.compare(i, j)),
                        Integer.signum(ordered.get(i).compareTo(ordered.get(j))));
            }
        }
    }

    @Test
    void whatToStringWritesParseReads() {
        for (Position position : List.of(Position.START, new Position(3, 4168), new Position(1L << 40, 1L << 50))) {
            assertEquals(position, Position.parse(position.toString()));
        }
        assertEquals("3:4168", new Position(3, 4168).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "1", "1:", ":1", "1:2:3", "-1:2", "1:-2", "a:b", "1:99999999999999999999", " 1:2"})
    void anythingElseIsRefusedWithAnExplanation(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Position.parse(text));
        assertTrue(e.getMessage().contains("position"), e.getMessage());
    }
}
