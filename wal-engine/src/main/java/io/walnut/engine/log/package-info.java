/**
 * The live log: an append is encoded outside of every lock, placed by the {@link io.walnut.engine.log.Appender}, made
 * durable by the {@link io.walnut.engine.log.Committer}, into space that the {@link io.walnut.engine.log.SpaceKeeper}
 * prepared; the {@link io.walnut.engine.log.Sealer} closes what was left behind.
 */
@NullMarked
package io.walnut.engine.log;

import org.jspecify.annotations.NullMarked;
