/**
 * The parts of a log that can be replaced. A {@link io.walnut.spi.PluginProvider} makes one; which one a log uses is said
 * by name in its configuration.
 */
@NullMarked
package io.walnut.spi;

import org.jspecify.annotations.NullMarked;
