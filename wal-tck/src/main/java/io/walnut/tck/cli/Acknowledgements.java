package io.walnut.tck.cli;

import io.walnut.api.Position;
import java.util.Arrays;

/** The positions that were acknowledged, in order. Compact, because there are many. */
final class Acknowledgements {
    private long[] places = new long[2048];
    private int count;

    void add(Position position) {
        if (2 * count == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[2 * count] = position.segment();
        places[2 * count + 1] = position.offset();
        count++;
    }

    int count() {
        return count;
    }

    Position get(int index) {
        return new Position(places[2 * index], places[2 * index + 1]);
    }
}
