/** The shipped storages: {@code file}, the only place where a file is touched, and {@code memory}. */
@NullMarked
package io.walnut.engine.storage;

import org.jspecify.annotations.NullMarked;
