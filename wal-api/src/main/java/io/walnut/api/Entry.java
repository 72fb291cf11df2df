package io.walnut.api;

/**
 * A record with its place in the log, to keep: it owns its bytes.
 *
 * @param position where the record starts
 * @param nextPosition just past the record: from here a reader, or a consumer after a restart, goes on with the next one
 * @param sequence its number in the log: 1 for the first record ever appended, then without gaps
 * @param record the record
 */
public record Entry(Position position, Position nextPosition, long sequence, WalRecord record) {}
