/**
 * Measures a log beside the limits of the machine, in the same run and on the same file system. The log is used through
 * the API only; a limit is what plain Java does with the same bytes. Part of the command line, not of the module's API.
 */
@NullMarked
package io.walnut.tck.bench;

import org.jspecify.annotations.NullMarked;
