package io.walnut.tck.bench;

import io.walnut.api.Wal;
import io.walnut.spi.Codec;
import io.walnut.spi.CodecProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.HdrHistogram.Histogram;

/** Appends whose values are compressed, beside the codec alone on one thread, with the same level and the same values. */
final class CodecWork {
    private final Logs logs;
    private final Payload payload;
    private final String name;
    private final int records;

    CodecWork(Logs logs, Payload payload, String name, Scale scale) {
        this.logs = logs;
        this.payload = payload;
        this.name = name;
        this.records = Math.max(16, scale.burstBytes / payload.recordBytes());
    }

    Sides sides(Path directory) throws SkippedException {
        Codec codec = codec(directory);
        Map<String, String> config = new HashMap<>(Logs.fsync("os"));
        config.put("wal.codec", name);
        return new Sides(
                trial -> {
                    Latencies latencies = trial.latencies();
                    Histogram part = (latencies == null ? new Latencies() : latencies).part();
                    try (Wal wal =
                            PreparedLog.open(logs, trial.directory(), config, (long) records * payload.recordBytes())) {
                        Stopwatch watch = Stopwatch.start();
                        long now = System.nanoTime();
                        for (int record = 0; record < records; record++) {
                            wal.append(payload.key(record), payload.value(record));
                            long last = now;
                            now = System.nanoTime();
                            Latencies.record(part, now - last);
                        }
                        return watch.stop(records, (long) records * payload.recordBytes());
                    }
                },
                trial -> compress(codec));
    }

    /** What is compressed, stamped, checked and copied, beside the same limit. */
    Sides floor(Path directory) throws SkippedException {
        Codec codec = codec(directory);
        return new Sides(Floor.compressed(codec, payload, records), trial -> compress(codec));
    }

    private Sample compress(Codec codec) {
        ByteBuffer target = ByteBuffer.allocate(codec.maxCompressedBytes(payload.valueBytes()));
        Stopwatch watch = Stopwatch.start();
        for (int record = 0; record < records; record++) {
            codec.compress(ByteBuffer.wrap(payload.value(record)), target.clear());
        }
        return watch.stop(records, (long) records * payload.recordBytes());
    }

    private Codec codec(Path directory) throws SkippedException {
        return Part.named(name, ServiceLoader.load(CodecProvider.class), settings(), directory)
                .orElseThrow(() -> new SkippedException(
                        "the codec '" + name + "' is not on the class path; add io.walnut:wal-codec-" + name));
    }

    private Map<String, String> settings() {
        String prefix = "wal.codec." + name + ".";
        Map<String, String> settings = new HashMap<>();
        logs.asked().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
