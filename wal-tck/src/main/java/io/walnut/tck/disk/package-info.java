/**
 * A disk in memory behind the {@code Storage} port, which keeps what was forced apart from what was only written, records
 * every operation, fails on demand, and gives every state in which a power cut or the death of the process could leave it.
 */
@NullMarked
package io.walnut.tck.disk;

import org.jspecify.annotations.NullMarked;
