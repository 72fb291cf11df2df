/**
 * The command line of the kit: {@code java -jar wal-tck-*-all.jar COMMAND}. Looks into logs through the API and asks
 * backends through the SPI, so it works with any backend that is on its path. Runs from the class path only.
 */
@NullMarked
package io.walnut.tck.cli;

import org.jspecify.annotations.NullMarked;
