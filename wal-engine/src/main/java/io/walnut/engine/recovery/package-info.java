/**
 * Opening a log: what is there, what of it is believed, and the repair that makes it durable. {@code docs/design.md} has
 * the rules.
 */
@NullMarked
package io.walnut.engine.recovery;

import org.jspecify.annotations.NullMarked;
