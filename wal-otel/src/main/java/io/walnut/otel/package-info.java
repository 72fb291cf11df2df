/**
 * The meter {@code otel}. Names, units and descriptions are those of {@link io.walnut.spi.Metrics}; every measurement and
 * event carries {@code wal.name} and, where the log has one, {@code wal.node.id}.
 */
@NullMarked
package io.walnut.otel;

import org.jspecify.annotations.NullMarked;
