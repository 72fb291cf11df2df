package io.walnut.tck.bench;

/**
 * The appends of a cold run.
 *
 * @param payload the records
 * @param threads how many threads append at the same time
 * @param recordsPerCall one, or the size of a batch
 * @param forced whether each call returns when its records are durable
 * @param records how many records all threads append together
 * @param nanos after how long a run ends early if its calls are forced
 */
record Load(Payload payload, int threads, int recordsPerCall, boolean forced, long records, long nanos) {
    static Load unforced(Payload payload, int threads, long records) {
        return new Load(payload, threads, 1, false, records, Long.MAX_VALUE);
    }

    static Load forced(Payload payload, int threads, int recordsPerCall, long records, long nanos) {
        return new Load(payload, threads, recordsPerCall, true, records, nanos);
    }

    long callsPerThread() {
        return Math.max(1, records / recordsPerCall / threads);
    }

    long bytes(long calls) {
        return calls * recordsPerCall * payload.recordBytes();
    }
}
