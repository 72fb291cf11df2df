package io.walnut.api;

/**
 * A record with its place in the log, to keep: it owns its bytes.
 *
 * @param position where the record starts
 * @param sequence its number in the log: 1 for the first record ever appended, then without gaps
 * @param record the record
 */
public record Entry(Position position, long sequence, WalRecord record) {}
