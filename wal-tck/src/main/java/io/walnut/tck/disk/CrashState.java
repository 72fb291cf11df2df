package io.walnut.tck.disk;

/**
 * A disk as a crash leaves it.
 *
 * @param id tells which of the states after an operation it is; the same for the same seed
 * @param fingerprint tells its content from that of others
 * @param disk a new disk that holds it
 */
public record CrashState(String id, long fingerprint, SimulatedDisk disk) {}
