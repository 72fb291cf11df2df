/** The default backend. Applications reach it through {@link io.walnut.api.Wal}; here it is assembled by hand. */
@NullMarked
package io.walnut.engine;

import org.jspecify.annotations.NullMarked;
