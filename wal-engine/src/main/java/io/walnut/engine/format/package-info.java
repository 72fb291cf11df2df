/**
 * The bytes on disk: each class draws and owns one structure. All numbers are little-endian. {@code docs/format.md} shows
 * the same with an example.
 */
@NullMarked
package io.walnut.engine.format;

import org.jspecify.annotations.NullMarked;
