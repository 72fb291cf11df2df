package io.walnut.engine.log;

import io.walnut.api.Position;
import io.walnut.api.SegmentInfo;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A segment as the log knows it. While it is appended to, its contents belong to the append lock; once it is finished
 * they do not change any more.
 */
public final class Segment {
    private static final String SUFFIX = ".wal";
    private static final String SPARE = ".spare";

    private final SegmentHeader header;
    private final SegmentContents contents;
    private volatile long chainEnd;
    private volatile int lastCheck;
    private volatile boolean finished;
    private volatile boolean unsealed;
    private volatile long stampedBefore = Long.MIN_VALUE;

    /** A segment that is about to be appended to. */
    public Segment(SegmentHeader header, SegmentContents contents) {
        this.header = header;
        this.contents = contents;
    }

    /** Nothing is appended any more: the last frame, a footer not counted, ends here. */
    public void finish(long end, int check) {
        chainEnd = end;
        lastCheck = check;
        finished = true;
    }

    /** The latest stamp of all retained records before this segment is this. */
    void stampedBefore(long nanos) {
        stampedBefore = nanos;
    }

    /** {@return the latest stamp of all retained records before this segment} */
    long stampedBefore() {
        return stampedBefore;
    }

    /** Somebody else may still append to it, or it was left behind without a footer. */
    public void leaveUnsealed() {
        unsealed = true;
    }

    /** Appending goes on behind its footer. */
    void resume() {
        finished = false;
    }

    /** {@return the name of the file of a segment} */
    public static String fileName(long number) {
        return String.format(Locale.ROOT, "%010d", number) + SUFFIX;
    }

    /** {@return the name of the file of a segment that is being prepared} */
    public static String spareName(long number) {
        return String.format(Locale.ROOT, "%010d", number) + SPARE;
    }

    /** {@return the number of the segment with this file name, 0 if it is not one's name} */
    public static long numberOf(String fileName) {
        return numberOf(fileName, SUFFIX);
    }

    /** {@return whether this is the name of a segment that was being prepared} */
    public static boolean isSpare(String fileName) {
        return numberOf(fileName, SPARE) > 0;
    }

    private static long numberOf(String fileName, String suffix) {
        if (fileName.length() != 10 + suffix.length() || !fileName.endsWith(suffix)) {
            return 0;
        }
        for (int i = 0; i < 10; i++) {
            if (fileName.charAt(i) < '0' || fileName.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(fileName, 0, 10, 10);
    }

    /** {@return its number} */
    public long number() {
        return header.segment();
    }

    /** {@return the name of its file} */
    public String fileName() {
        return fileName(number());
    }

    /** {@return its header} */
    public SegmentHeader header() {
        return header;
    }

    /** {@return what it holds} */
    public SegmentContents contents() {
        return contents;
    }

    /** {@return where its last frame ends, a footer not counted; meaningful once it is finished} */
    public long chainEnd() {
        return chainEnd;
    }

    /** {@return the check of its last frame, a footer not counted; meaningful once it is finished} */
    public int lastCheck() {
        return lastCheck;
    }

    /** {@return whether nothing is appended to it any more} */
    public boolean finished() {
        return finished;
    }

    /** {@return what the application sees of it; the contents must not change meanwhile} */
    SegmentInfo info(long end) {
        SegmentContents held = contents;
        long start = held.records() == 0 ? end : held.firstRecord();
        return new SegmentInfo(
                number(),
                fileName(),
                new Position(number(), start),
                new Position(number(), held.records() == 0 ? end : held.recordsEnd()),
                held.baseSequence(),
                held.records(),
                end,
                finished && !unsealed,
                instant(header.createdNanos()),
                held.records() == 0 ? Optional.empty() : Optional.of(instant(held.maxTimestamp())),
                finished && !unsealed ? OptionalInt.of(lastCheck) : OptionalInt.empty());
    }

    /** {@return nanoseconds since 1970 as an instant} */
    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** {@return an instant as nanoseconds since 1970} */
    public static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
