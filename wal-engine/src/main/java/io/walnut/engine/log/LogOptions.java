package io.walnut.engine.log;

import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Preallocator;

/**
 * What the live log is made of, checked already.
 *
 * @param nodeId who writes the log
 * @param mapped whether the stage is mapped, so that it survives the death of the process
 * @param stageBytes the greatest size of the stage
 * @param segmentBytes how large a segment gets
 * @param reserveBytes how much space is reserved for the first piece of a segment
 * @param maxKeyBytes the longest key
 * @param maxValueBytes the longest value
 * @param chunkBytes the size of the parts in which a streamed value is stored
 * @param maxBatchBytes the largest batch, frames included
 * @param maxUnsyncedBytes how much may wait to be forced
 * @param patience how long appends wait for what they lack
 * @param appendSample one append in so many is timed, 0 for none
 * @param preallocator how space is reserved
 * @param fsync when to force
 * @param retention how long what is kept
 */
public record LogOptions(
        String nodeId,
        boolean mapped,
        int stageBytes,
        int segmentBytes,
        int reserveBytes,
        long maxKeyBytes,
        long maxValueBytes,
        int chunkBytes,
        long maxBatchBytes,
        long maxUnsyncedBytes,
        Patience.Limits patience,
        int appendSample,
        Preallocator preallocator,
        FsyncStrategy fsync,
        RetentionOptions retention) {}
