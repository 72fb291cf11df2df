package io.walnut.tck.bench;

import org.jspecify.annotations.Nullable;

/**
 * Walnut and what it is compared with.
 *
 * @param walnut the log
 * @param limit what it is compared with; null if with nothing
 */
record Sides(Side walnut, @Nullable Side limit) {}
