package io.walnut.tck.crash.toy;

import io.walnut.api.Position;
import io.walnut.api.WalRecord;

/** A record that the toy keeps in memory. */
record ToyRecord(Position position, Position next, long sequence, boolean last, WalRecord record) {}
