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
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/**
 * The least that a log has to do for an append, and nothing else of a log. A limit does less: beside it, this tells what
 * part of the distance between the two no log can save.
 */
final class Floor {
    private static final int HEAD_BYTES = 32; // length, kind, two checksums, stamp and the lengths of key and value
    private static final String HEAD = "a head of " + HEAD_BYTES + " bytes";

    static final String STAMPED =
            "no log: " + HEAD + ", two checksums, two copies, into pages mapped before if possible";
    static final String TOGETHER = STAMPED + ", the second under a lock";
    static final String ALONE = "the same with one thread";
    static final String COMPRESSED = "no log: the codec, " + HEAD + ", two checksums, a copy";
    static final String FORCED = "no log: " + HEAD + ", two checksums, two copies, forced every 5 ms";
    static final String CHECKED = "no log: " + HEAD + ", two checksums and a copy of each record, then write + force";
    static final String NOTED = CHECKED + " + a note of it";
    private static final int NOTE_BYTES = 48;
    private static final long WINDOW_NANOS = 5_000_000;
    private static final String SPACE = "space";
    private static final int PAGE = 4 << 10;
    private static final int MOST_RECORD_BYTES = 64 << 10;
    private static final int CHUNK = 64;

    private Floor() {}

    /** One thread stamps, checks and copies records into filled, forced and mapped space, whose pages are mapped. */
    static Side stamped(Payload payload, long records) {
        return trial -> mapped(trial, records * frameBytes(payload), (file, space) -> {
            touch(space.buffer());
            Stopwatch watch = Stopwatch.start();
            stamp(payload, space.buffer(), records, new AtomicInteger());
            return watch.stop(records, records * payload.recordBytes());
        });
    }

    /** Threads that share as many records do the same, each in a buffer of its own until the second copy. */
    static Side stampedTogether(Payload payload, long records, int threads) {
        long bytes = records * frameBytes(payload) + Crowd.leadInBytes(threads, CHUNK * frameBytes(payload));
        return trial -> mapped(trial, bytes, (file, space) -> {
            touch(space.buffer());
            ReentrantLock lock = new ReentrantLock();
            ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[MOST_RECORD_BYTES]);
            return Crowd.run(
                    trial,
                    Crowd.executor(threads, false),
                    threads,
                    number -> {
                        byte[] buffer = buffers.get();
                        ByteBuffer head = ByteBuffer.wrap(buffer);
                        for (int record = 0; record < CHUNK; record++) {
                            head.putLong(0, System.currentTimeMillis());
                            int length = frame(payload.plain(record), buffer);
                            lock.lock();
                            try {
                                space.buffer().put(buffer, 0, length);
                            } finally {
                                lock.unlock();
                            }
                        }
                    },
                    Long.MAX_VALUE / 2,
                    records / CHUNK,
                    CHUNK,
                    payload.recordBytes());
        });
    }

    /**
     * The same by one thread into pages that are not mapped yet, while another thread forces what was copied, each time
     * 5 ms after the last.
     */
    static Side stampedAndForced(Payload payload, long records) {
        return trial -> mapped(trial, records * frameBytes(payload), (file, space) -> {
            ExecutorService executor = Executors.newSingleThreadExecutor();
            AtomicInteger copied = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            Future<?> forcing = executor.submit(() -> force(file, over));
            try {
                Stopwatch watch = Stopwatch.start();
                stamp(payload, space.buffer(), records, copied);
                return watch.stop(records, records * payload.recordBytes());
            } finally {
                over.set(true);
                forcing.get();
                executor.shutdown();
            }
        });
    }

    private interface Stores {
        Sample into(StorageFile file, MappedRegion space) throws Exception;
    }

    /** Stores into filled and forced space as the storage of a log maps it. */
    private static Sample mapped(Trial trial, long bytes, Stores stores) throws Exception {
        RawSpace.filled(trial.directory().resolve(SPACE), bytes).close();
        try (Storage storage = Part.named(
                                "file", ServiceLoader.load(StorageProvider.class), Map.of(), trial.directory())
                        .orElseThrow();
                StorageFile file = storage.open(SPACE);
                MappedRegion space = file.map(0, bytes)) {
            return stores.into(file, space);
        }
    }

    /** Has every page mapped before the clock starts. */
    private static void touch(ByteBuffer space) {
        for (int at = 0; at < space.capacity(); at += PAGE) {
            space.put(at, (byte) 0);
        }
    }

    private static Void force(StorageFile file, AtomicBoolean over) throws IOException {
        while (!over.get()) {
            LockSupport.parkNanos(WINDOW_NANOS);
            file.force();
        }
        return null;
    }

    /** One thread compresses, stamps and checks values, and copies what became of them into filled, forced and mapped space. */
    static Side compressed(Codec codec, Payload payload, int records) {
        return trial -> {
            MappedByteBuffer space =
                    RawSpace.mapped(trial.directory().resolve(SPACE), (long) records * frameBytes(payload));
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
            head.putLong(0, System.currentTimeMillis());
            space.put(buffer, 0, frame(payload.plain(record), buffer));
            copied.setRelease(space.position());
        }
    }

    private static int frameBytes(Payload payload) {
        return HEAD_BYTES + payload.recordBytes();
    }

    /** Copies behind a head and checks both, as each of them is checked apart in a log. {@return how long that is} */
    private static int frame(byte[] plain, byte[] buffer) {
        System.arraycopy(plain, 0, buffer, HEAD_BYTES, plain.length);
        check(buffer, HEAD_BYTES + plain.length);
        return HEAD_BYTES + plain.length;
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
        return batches(payload, size, nanos, maxBytes, false);
    }

    /**
     * The same, and writes into another file, which it does not force, what is on the device by now: what lets a log tell
     * damage from a write that was under way.
     */
    static Side notedBatches(Payload payload, int size, long nanos, long maxBytes) {
        return batches(payload, size, nanos, maxBytes, true);
    }

    private static Side batches(Payload payload, int size, long nanos, long maxBytes, boolean noted) {
        return trial -> {
            byte[] buffer = new byte[MOST_RECORD_BYTES];
            ByteBuffer batch = ByteBuffer.allocateDirect(size * frameBytes(payload));
            ByteBuffer note = ByteBuffer.allocateDirect(NOTE_BYTES);
            long space = Math.max(batch.capacity(), maxBytes / batch.capacity() * batch.capacity());
            try (FileChannel channel = RawSpace.filled(trial.directory().resolve(SPACE), space);
                    FileChannel notes = RawSpace.filled(trial.directory().resolve("note"), NOTE_BYTES)) {
                long batches = 0;
                Stopwatch watch = Stopwatch.start();
                long end = System.nanoTime() + nanos;
                while (batches == 0 || System.nanoTime() < end && (batches + 1) * batch.capacity() <= space) {
                    batch.clear();
                    for (int record = 0; record < size; record++) {
                        batch.put(buffer, 0, frame(payload.plain(record), buffer));
                    }
                    write(channel, batch.flip(), batches * batch.capacity());
                    channel.force(false);
                    batches++;
                    if (noted) {
                        write(notes, note.clear().putLong(0, batches), 0);
                    }
                }
                return watch.stop(batches, batches * size, batches * size * payload.recordBytes());
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
