package io.walnut.api;

/** When one append returns, whatever the log's fsync policy says. */
public enum Durability {
    /** When its bytes are forced to the device: it survives a power loss. */
    DEVICE,
    /** When its bytes are in the kernel: it survives the death of the process, not of the machine. */
    KERNEL
}
