package io.walnut.tck.crash.toy;

import java.util.Locale;

/** A file of the toy: a head with its number and first sequence, then frames. */
final class ToySegment {
    static final int HEAD = 32;
    static final long MAGIC = 0x746f796c6f670a01L;

    final long number;
    final long baseSequence;
    long end = HEAD;
    int lastCheck;

    ToySegment(long number, long baseSequence) {
        this.number = number;
        this.baseSequence = baseSequence;
    }

    String name() {
        return String.format(Locale.ROOT, "toy-%06d", number);
    }

    static long numberOf(String name) {
        return name.matches("toy-[0-9]{6}") ? Long.parseLong(name.substring(4)) : 0;
    }
}
