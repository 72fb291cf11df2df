/** Reading: frames by positional reads into a buffer of one's own, checked before they are believed. */
@NullMarked
package io.walnut.engine.read;

import org.jspecify.annotations.NullMarked;
