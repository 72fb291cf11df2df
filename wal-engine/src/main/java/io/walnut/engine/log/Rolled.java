package io.walnut.engine.log;

/**
 * Appending went on to another segment.
 *
 * @param segment the number of the one that was left
 * @param bytes how many bytes of content that one holds
 * @param start where the records of the new one begin
 * @param nanos how long that took
 */
record Rolled(long segment, long bytes, long start, long nanos) {}
