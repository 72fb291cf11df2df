/**
 * The rules for a whole backend: extend {@link io.walnut.tck.wal.WalKit}, name the provider, run it with JUnit.
 *
 * <p>Every log that a rule opens is shadowed by a {@link io.walnut.tck.wal.ReferenceLog}. After each rule the log is closed,
 * read by a second, read-only open, opened again, and compared with it.
 */
@NullMarked
package io.walnut.tck.wal;

import org.jspecify.annotations.NullMarked;
