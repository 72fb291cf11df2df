package io.walnut.tck.crash;

/** What it means that an append has returned. */
public enum Promise {
    /** It survives a power cut. */
    FORCED,
    /** It survives the death of the process, and a power cut once the subject has {@linkplain CrashSubject#elapse let
     * its window elapse}. */
    FORCED_SOON,
    /** It survives the death of the process. */
    WRITTEN
}
