package io.walnut.engine.format;

/** One version of what a file of two slots holds. Each is stored where the one before the last was. */
public interface Slot {
    /** {@return where it is stored} */
    long offset();

    /** {@return what is stored} */
    byte[] bytes();
}
