/** The shipped preallocators: {@code zero}, {@code none}, {@code sparse} and {@code native}. */
@NullMarked
package io.walnut.engine.preallocate;

import org.jspecify.annotations.NullMarked;
