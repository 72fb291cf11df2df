/** Finding plugins by name: on the module path, on the class path, and in the directories of {@code wal.plugin.path}. */
@NullMarked
package io.walnut.engine.plugin;

import org.jspecify.annotations.NullMarked;
