/** The shipped archivers: {@code none} and {@code directory}. */
@NullMarked
package io.walnut.engine.archive;

import org.jspecify.annotations.NullMarked;
