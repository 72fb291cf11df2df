/** The shipped fsync strategies: {@code always}, {@code batch} and {@code os}. */
@NullMarked
package io.walnut.engine.fsync;

import org.jspecify.annotations.NullMarked;
