package io.walnut.engine.read;

import io.walnut.api.Position;
import io.walnut.api.UnknownCodecException;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalException.Outcome;
import io.walnut.api.WalException.Reason;
import io.walnut.engine.format.Bytes;
import io.walnut.spi.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gives back stored values as they were given, in a buffer of its own. For one thread at a time. */
final class Decompressor {
    private final ReadableLog log;
    private ByteBuffer plain = ByteBuffer.allocate(0);

    Decompressor(ReadableLog log) {
        this.log = log;
    }

    /**
     * Decompresses a value.
     *
     * @param frames stands on the frame
     * @param stored the value as it is stored; its limit and position are changed
     * @param maxBytes how long it may be
     * @param file the name of the segment
     * @param position where the frame is
     * @return the value, valid until the next call
     */
    ByteBuffer decompress(FrameCursor frames, ByteBuffer stored, long maxBytes, String file, Position position) {
        int id = frames.codec();
        Codec codec = codec(id, file, position);
        if (codec == null) {
            throw new UnknownCodecException(
                    Outcome.NONE,
                    log.stored()
                            .codecs()
                            .missing("the codec with id " + id + ", which the value at " + position + " needs,"));
        }
        int size = frames.plainBytes();
        if (size > maxBytes) {
            throw new WalException(
                    Reason.RECORD_TOO_LARGE,
                    Outcome.NONE,
                    "the value at " + position + " says that it has " + size
                            + " bytes when decompressed, more than wal.record.max.value.bytes=" + maxBytes,
                    null,
                    file,
                    position);
        }
        int from = frames.keyAt() + frames.keyBytes();
        try {
            if (plain.capacity() < size || !plain.isDirect()) {
                plain = Bytes.allocateDirect(Math.max(4096, size));
            }
            plain.clear().limit(size);
            codec.decompress(stored.limit(from + frames.valueBytes()).position(from), plain);
            if (plain.position() != size) {
                throw new IOException("it gave " + plain.position() + " bytes instead of " + size);
            }
        } catch (WalException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            WalCorruptException damage = new WalCorruptException(
                    "the value at " + position + " in " + file + ", sequence " + frames.sequence()
                            + ", cannot be decompressed by the codec with id " + id + ": " + e.getMessage(),
                    file,
                    position,
                    e);
            log.damaged(damage);
            throw damage;
        } catch (
                Throwable e) { // says nothing about the bytes: too little memory, or the codec does not fit its library
            throw failed(id, file, position, e);
        }
        return plain.flip();
    }

    private @Nullable Codec codec(int id, String file, Position position) {
        try {
            return log.stored().codecs().byId(id);
        } catch (WalException e) {
            throw e;
        } catch (Throwable e) {
            throw failed(id, file, position, e);
        }
    }

    private static WalException failed(int id, String file, Position position, Throwable why) {
        return new WalException(
                Reason.CODEC,
                Outcome.NONE,
                "the value at " + position + " in " + file + " could not be decompressed by the codec with id " + id
                        + "; the value itself may be intact: " + why,
                why,
                file,
                position);
    }
}
