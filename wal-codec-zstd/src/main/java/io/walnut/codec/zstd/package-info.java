/** The codec {@code zstd}. Stored values are single Zstandard frames, which the {@code zstd} command reads too. */
@NullMarked
package io.walnut.codec.zstd;

import org.jspecify.annotations.NullMarked;
