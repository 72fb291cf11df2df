/**
 * Whether a log keeps its promises through power cuts, the death of its process and failing devices: workloads on a
 * {@linkplain io.walnut.tck.disk simulated disk}, every state in which a crash can leave it, and a model of what must be
 * there afterwards. Start with {@link io.walnut.tck.crash.CrashSubject}.
 */
@NullMarked
package io.walnut.tck.crash;

import org.jspecify.annotations.NullMarked;
