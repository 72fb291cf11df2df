package io.walnut.tck.bench;

/** What is measured: Walnut, or a limit. */
interface Side {
    Sample run(Trial trial) throws Exception;
}
