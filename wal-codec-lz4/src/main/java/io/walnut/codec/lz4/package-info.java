/** The codec {@code lz4}. Stored values are LZ4 blocks, without LZ4's frame format. */
@NullMarked
package io.walnut.codec.lz4;

import org.jspecify.annotations.NullMarked;
