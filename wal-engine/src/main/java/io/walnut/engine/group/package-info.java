/** Many named logs under one root, which share what can be shared. */
@NullMarked
package io.walnut.engine.group;

import org.jspecify.annotations.NullMarked;
