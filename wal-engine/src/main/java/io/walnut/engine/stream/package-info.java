/** Publishing the entries of a log to subscribers, each at its own pace. */
@NullMarked
package io.walnut.engine.stream;

import org.jspecify.annotations.NullMarked;
