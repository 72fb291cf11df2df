/**
 * One abstract class for each kind of part: extend it, say which part it is about, run it with JUnit.
 *
 * <p>A rule is a test method. Its name begins with {@code required_} and its number; its documentation tells where to look
 * when it fails. Whatever is random has a seed, which stands in the message of a failure; {@code -Dwalnut.tck.seed}
 * repeats it.
 */
@NullMarked
package io.walnut.tck.kit;

import org.jspecify.annotations.NullMarked;
