package io.walnut.tck.bench;

/** How much each run does. */
public enum Scale {
    /** Next to nothing: shows that everything runs. Its figures mean nothing. */
    TINY(512 << 10, 1 << 20, 1 << 20, 1 << 20, 20_000_000L, 8, 64 << 10, 20, 5, 2),
    /** All of it in minutes. */
    SMALL(48 << 20, 512L << 20, 128 << 20, 128L << 20, 300_000_000L, 80, 1 << 20, 200, 100, 60),
    /** Long enough to believe. */
    FULL(384 << 20, 4L << 30, 1 << 30, 1L << 30, 3_000_000_000L, 80, 128 << 20, 1000, 1000, 60),
    /** What is sustained writes 50 GB. */
    HUGE(384 << 20, 50L << 30, 1 << 30, 1L << 30, 3_000_000_000L, 80, 128 << 20, 1000, 1000, 60);

    final int burstBytes;
    final long sustainedBytes;
    final int replayBytes;
    final long killedBytes;
    final long forcingNanos;
    final int cleanSegments;
    final int cleanSegmentBytes;
    final int manySegments;
    final int manyLogs;

    /** For how many pauses nothing may go on before a prepared log counts as quiet. */
    final int quietPauses;

    Scale(
            int burstBytes,
            long sustainedBytes,
            int replayBytes,
            long killedBytes,
            long forcingNanos,
            int cleanSegments,
            int cleanSegmentBytes,
            int manySegments,
            int manyLogs,
            int quietPauses) {
        this.burstBytes = burstBytes;
        this.sustainedBytes = sustainedBytes;
        this.replayBytes = replayBytes;
        this.killedBytes = killedBytes;
        this.forcingNanos = forcingNanos;
        this.cleanSegments = cleanSegments;
        this.cleanSegmentBytes = cleanSegmentBytes;
        this.manySegments = manySegments;
        this.manyLogs = manyLogs;
        this.quietPauses = quietPauses;
    }
}
