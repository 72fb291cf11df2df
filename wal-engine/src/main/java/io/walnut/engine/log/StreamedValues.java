package io.walnut.engine.log;

import io.walnut.api.RecordTooLargeException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.api.WalRecord;
import io.walnut.engine.format.ChunkDirectory;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Appends values that are longer than memory should hold: chunk by chunk, between which others append, and then a record
 * that says where the chunks are. Without that record they count for nothing.
 */
final class StreamedValues {
    private final RecordEncoder encoder;
    private final Appender appender;
    private final int chunkBytes;
    private final long shortBytes;
    private final Set<Under> underWay = ConcurrentHashMap.newKeySet();

    /** A value that is being appended: no part of it is in a segment before this one. */
    private static final class Under {
        final long segment;

        Under(long segment) {
            this.segment = segment;
        }
    }

    StreamedValues(RecordEncoder encoder, Appender appender, LogOptions options) {
        this.encoder = encoder;
        this.appender = appender;
        this.chunkBytes = Math.min(options.chunkBytes(), options.segmentBytes() / 4);
        this.shortBytes = Math.min(chunkBytes, options.maxValueBytes());
    }

    /** {@return whether a value is so short that it is appended as others are} */
    boolean isShort(long length) {
        return length <= shortBytes;
    }

    /** {@return so many bytes of a stream} */
    static byte[] read(InputStream value, int length) {
        byte[] bytes = new byte[length];
        read(value, bytes, length, 0, length);
        return bytes;
    }

    private static void read(InputStream value, byte[] target, int length, long before, long whole) {
        int got;
        try {
            got = value.readNBytes(target, 0, length);
        } catch (WalException e) {
            throw e;
        } catch (Throwable e) {
            throw new WalException(
                    Reason.IO, Outcome.REJECTED, "the value could not be read; nothing was appended: " + e, e);
        }
        if (got != length) {
            throw new WalException(
                    Reason.IO,
                    Outcome.REJECTED,
                    "the value ends after " + (before + got) + " of " + whole + " bytes; nothing was appended",
                    null);
        }
    }

    /**
     * Appends a value.
     *
     * @param buffer to work with
     * @param record gives everything but the value
     * @param place appends what the buffer holds
     * @param settle does what the policy says about the append that closes the value
     */
    void append(
            AppendBuffer buffer,
            WalRecord record,
            InputStream value,
            long length,
            Consumer<AppendBuffer> place,
            Consumer<AppendBuffer> settle) {
        long count = (length - 1) / chunkBytes + 1;
        if (count > ChunkDirectory.MAX_CHUNKS) {
            throw new RecordTooLargeException("a value of " + length + " bytes needs " + count + " chunks, more than "
                    + ChunkDirectory.MAX_CHUNKS + "; wal.record.chunk.bytes sets their size");
        }
        Under under = new Under(appender.lastSegment());
        underWay.add(under); // before the first chunk has its place
        try {
            long truncations = appender.truncations();
            ChunkDirectory directory = new ChunkDirectory(length, (int) count);
            byte[] part = new byte[chunkBytes];
            for (long done = 0; done < length; ) {
                int size = (int) Math.min(chunkBytes, length - done);
                read(value, part, size, done, length);
                buffer.clear();
                encoder.encodeChunk(buffer, record, ByteBuffer.wrap(part, 0, size));
                buffer.truncations = truncations;
                place.accept(buffer);
                directory.add(
                        Place.segment(buffer.place), Place.offset(buffer.place), buffer.sequence, buffer.checkBefore);
                done += size;
            }
            buffer.clear();
            encoder.encodeStreamed(buffer, record, directory);
            buffer.truncations = truncations;
            place.accept(buffer);
            settle.accept(buffer);
        } finally {
            underWay.remove(under);
        }
    }

    /** {@return the oldest segment that may hold a part of a value that is being appended; the greatest long for none} */
    long oldest() {
        return underWay.stream().mapToLong(under -> under.segment).min().orElse(Long.MAX_VALUE);
    }
}
