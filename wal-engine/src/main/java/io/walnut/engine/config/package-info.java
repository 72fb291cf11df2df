/** The engine's own configuration keys, and the one place that checks a whole configuration. */
@NullMarked
package io.walnut.engine.config;

import org.jspecify.annotations.NullMarked;
