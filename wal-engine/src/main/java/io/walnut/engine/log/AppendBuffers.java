package io.walnut.engine.log;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of buffers, striped over threads: never one per thread, because callers may be a million virtual
 * threads. One large buffer is kept for batches; what a large record made larger than that is not kept.
 */
public final class AppendBuffers {
    private static final int KEEP_BYTES = 256 << 10;
    private static final int KEEP_ONE_BYTES = 8 << 20;
    private static final int SPREAD = 4; // slots on different cache lines

    private final AtomicReferenceArray<@Nullable AppendBuffer> slots;
    private final AtomicReference<@Nullable AppendBuffer> large = new AtomicReference<>();
    private final int mask;

    /** An empty pool, for one log or for many. */
    public AppendBuffers() {
        int stripes = Integer.highestOneBit(Math.max(2, Runtime.getRuntime().availableProcessors()) * 4 - 1) * 2;
        slots = new AtomicReferenceArray<>(stripes * SPREAD);
        mask = stripes - 1;
    }

    AppendBuffer acquire() {
        int stripe = stripe();
        AppendBuffer buffer = slots.getAndSet(stripe * SPREAD, null);
        if (buffer == null) {
            buffer = slots.getAndSet(((stripe + 1) & mask) * SPREAD, null);
        }
        if (buffer == null) {
            buffer = new AppendBuffer();
        }
        buffer.clear();
        return buffer;
    }

    /** {@return a buffer that is probably large} */
    AppendBuffer acquireForBatch() {
        AppendBuffer buffer = large.getAndSet(null);
        if (buffer == null) {
            return acquire();
        }
        buffer.clear();
        return buffer;
    }

    /** Takes a buffer back, if there is one. */
    void release(@Nullable AppendBuffer buffer) {
        if (buffer == null) {
            return;
        }
        int capacity = buffer.capacity();
        if (capacity <= KEEP_BYTES) {
            slots.setRelease(stripe() * SPREAD, buffer);
        } else if (capacity <= KEEP_ONE_BYTES) {
            large.setRelease(buffer);
        }
    }

    private int stripe() {
        long id = Thread.currentThread().getId();
        return (int) (id * 0x9E3779B97F4A7C15L >>> 40) & mask;
    }
}
