package io.walnut.engine.config;

/** What an append does when too much waits to be forced. */
public enum BackPressure {
    /** It waits; an asynchronous one is refused. */
    WAIT,
    /** It is refused. */
    REFUSE
}
