/** The write-ahead log as an application sees it. Start at {@link io.walnut.api.Wal}. */
@NullMarked
package io.walnut.api;

import org.jspecify.annotations.NullMarked;
