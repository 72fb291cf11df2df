package io.walnut.tck.disk;

/**
 * A failure to inject.
 *
 * @param kind what fails
 * @param call which call on the disk, counted from 0 when the fault is {@linkplain SimulatedDisk#inject injected}
 * @param sticky whether every later call that can fail so fails too
 */
public record Fault(Kind kind, int call, boolean sticky) {
    /** How a call fails. */
    public enum Kind {
        /** The call does nothing and says that the device failed. A failed force leaves it open what became durable. */
        ERROR,
        /** A write stores half of its bytes, then says that the device failed. Other calls as {@link #ERROR}. */
        SHORT_ERROR,
        /** Where space is needed, the call does nothing and says that there is none. */
        FULL,
        /** A write stores half of its bytes, then there is no space. Other calls as {@link #FULL}. */
        SHORT_FULL,
        /** The calling thread is interrupted; the call does what it should. */
        INTERRUPT,
        /** The call does nothing and runs out of memory. */
        MEMORY
    }
}
