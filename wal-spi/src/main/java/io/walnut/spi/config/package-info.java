/** The typed declaration of configuration keys, from which values are checked and documentation is generated. */
@NullMarked
package io.walnut.spi.config;

import org.jspecify.annotations.NullMarked;
