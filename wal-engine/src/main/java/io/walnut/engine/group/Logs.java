package io.walnut.engine.group;

import io.walnut.engine.log.EngineWal;

/** Opens the logs of a group. */
public interface Logs {
    /**
     * Opens one log.
     *
     * @param name a valid name; nobody else opens it at the same time
     * @return the open log
     */
    EngineWal open(String name);
}
