/** The shipped meters. */
@NullMarked
package io.walnut.engine.meter;

import org.jspecify.annotations.NullMarked;
