package io.walnut.tck.bench;

import io.walnut.spi.Codec;
import io.walnut.spi.MappedRegion;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import io.walnut.spi.StorageProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * The least that a log has to do for an append, and nothing else of a log. A limit does less: beside it, this tells what
 * part of the distance between the two no log can save.
 */
final class Floor {
    static final String STAMPED = "no log: stamps, two checksums, two copies";
    static final String COMPRESSED = "no log: the codec, stamps, two checksums, a copy";
    static final String FORCED = "no log: stamps, two checksums, two copies, forced every 5 ms";
    static final String CHECKED = "no log: two checksums and a copy of each record, then write + force";
    private static final long WINDOW_NANOS = 5_000_000;
    private static final String SPACE = "space";
    private static final int PAGE = 4 << 10;
    private static final int HEAD_BYTES = 32;
    private static final int MOST_RECORD_BYTES = 64 << 10;

    private Floor() {}

    /** One thread stamps, checks and copies records into filled, forced and mapped space. */
    static Side stamped(Payload payload, long records) {
        return trial -> {
            MappedByteBuffer space = RawSpace.mapped(trial.directory().resolve(SPACE), records * payload.recordBytes());
            Stopwatch watch = Stopwatch.start();
            stamp(payload, space, records, new AtomicInteger());
            return watch.stop(records, records * payload.recordBytes());
        };
    }

    /**
     * The same, while another thread forces what was copied, each time 5 ms after the last. It evicts it from the mapping
     * before, where that can be had.
     */
    static Side stampedAndForced(Payload payload, long records) {
        return trial -> {
            long bytes = records * payload.recordBytes();
            RawSpace.filled(trial.directory().resolve(SPACE), bytes).close();
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try (Storage storage = Part.named(
                                    "file", ServiceLoader.load(StorageProvider.class), Map.of(), trial.directory())
                            .orElseThrow();
                    StorageFile file = storage.open(SPACE);
                    MappedRegion space = file.map(0, bytes)) {
                AtomicInteger copied = new AtomicInteger();
                AtomicBoolean over = new AtomicBoolean();
                Future<?> forcing = executor.submit(() -> force(file, space, copied, over));
                try {
                    Stopwatch watch = Stopwatch.start();
                    stamp(payload, space.buffer(), records, copied);
                    return watch.stop(records, bytes);
                } finally {
                    over.set(true);
                    forcing.get();
                }
            } finally {
                executor.shutdown();
            }
        };
    }

    private static Void force(StorageFile file, MappedRegion space, AtomicInteger copied, AtomicBoolean over)
            throws IOException {
        int evicted = 0;
        while (!over.get()) {
            LockSupport.parkNanos(WINDOW_NANOS);
            int end = copied.get() / PAGE * PAGE;
            if (end > evicted) {
                space.evict(evicted, end);
                evicted = end;
            }
            file.force();
        }
        return null;
    }

    /** One thread compresses, stamps and checks values, and copies what became of them into filled, forced and mapped space. */
    static Side compressed(Codec codec, Payload payload, int records) {
        return trial -> {
            MappedByteBuffer space =
                    RawSpace.mapped(trial.directory().resolve(SPACE), (long) records * payload.recordBytes());
            byte[] buffer = new byte[MOST_RECORD_BYTES];
            ByteBuffer frame = ByteBuffer.wrap(buffer);
            Stopwatch watch = Stopwatch.start();
            for (int record = 0; record < records; record++) {
                frame.clear().putLong(0, System.currentTimeMillis()).position(HEAD_BYTES);
                codec.compress(ByteBuffer.wrap(payload.value(record)), frame);
                check(buffer, frame.position());
                space.put(buffer, 0, frame.position());
            }
            return watch.stop(records, (long) records * payload.recordBytes());
        };
    }

    private static void stamp(Payload payload, ByteBuffer space, long records, AtomicInteger copied) {
        byte[] buffer = new byte[MOST_RECORD_BYTES];
        ByteBuffer head = ByteBuffer.wrap(buffer);
        for (int record = 0; record < records; record++) {
            byte[] plain = payload.plain(record);
            head.putLong(0, System.currentTimeMillis());
            check(plain, buffer);
            space.put(buffer, 0, plain.length);
            copied.setRelease(space.position());
        }
    }

    /** Copies behind a head and checks both, as each of them is checked apart in a log. */
    private static void check(byte[] plain, byte[] buffer) {
        System.arraycopy(plain, 0, buffer, HEAD_BYTES, plain.length - HEAD_BYTES);
        check(buffer, plain.length);
    }

    private static void check(byte[] buffer, int length) {
        CRC32C body = new CRC32C();
        body.update(buffer, HEAD_BYTES, length - HEAD_BYTES);
        buffer[HEAD_BYTES - 1] = (byte) body.getValue();
        CRC32C all = new CRC32C();
        all.update(buffer, 0, HEAD_BYTES);
        buffer[0] = (byte) all.getValue();
    }

    /** One thread checks and copies each record of a batch, and writes and forces it. */
    static Side batches(Payload payload, int size, long nanos, long maxBytes) {
        return trial -> {
            byte[] buffer = new byte[MOST_RECORD_BYTES];
            ByteBuffer batch = ByteBuffer.allocateDirect(size * payload.recordBytes());
            long space = Math.max(batch.capacity(), maxBytes / batch.capacity() * batch.capacity());
            try (FileChannel channel = RawSpace.filled(trial.directory().resolve(SPACE), space)) {
                long batches = 0;
                Stopwatch watch = Stopwatch.start();
                long end = System.nanoTime() + nanos;
                while (batches == 0 || System.nanoTime() < end && (batches + 1) * batch.capacity() <= space) {
                    batch.clear();
                    for (int record = 0; record < size; record++) {
                        check(payload.plain(record), buffer);
                        batch.put(buffer, 0, payload.recordBytes());
                    }
                    write(channel, batch.flip(), batches * batch.capacity());
                    channel.force(false);
                    batches++;
                }
                return watch.stop(batches, batches * size, batches * batch.capacity());
            }
        };
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
