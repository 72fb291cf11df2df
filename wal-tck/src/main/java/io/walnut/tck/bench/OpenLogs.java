package io.walnut.tck.bench;

import io.walnut.api.Wal;
import io.walnut.api.WalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Many logs that are open at once, and what they need. */
final class OpenLogs implements AutoCloseable {
    private static final int VALUE_BYTES = 1024;

    private final Logs logs;
    private final Path directory;
    private final List<Wal> open = new ArrayList<>();

    OpenLogs(Logs logs, Path directory) {
        this.logs = logs;
        this.directory = directory;
    }

    /** Opens logs and appends a record to each. */
    Sample open(int count) throws Exception {
        long heap = Usage.heapBytes();
        int threads = Usage.threads();
        long files = Usage.openFiles();
        byte[] key = new byte[Payload.KEY_BYTES];
        byte[] value = new byte[VALUE_BYTES];
        Stopwatch watch = Stopwatch.start();
        for (int log = 0; log < count; log++) {
            Wal wal = logs.open(Files.createDirectory(directory.resolve("log-" + log)), Map.of());
            open.add(wal);
            wal.append(key, value);
        }
        Sample sample = watch.stop(count, (long) count * (key.length + value.length));
        return sample.withoutAllocation()
                .withNote(String.format(
                        Locale.ROOT,
                        "%d threads in the process (%+d), %+.1f KB heap each, %s",
                        Usage.threads(),
                        Usage.threads() - threads,
                        (Usage.heapBytes() - heap) / 1e3 / count,
                        files < 0
                                ? "files not told"
                                : String.format(Locale.ROOT, "%+d open files", Usage.openFiles() - files)));
    }

    @Override
    public void close() {
        WalException failed = null;
        for (Wal wal : open) {
            try {
                wal.close();
            } catch (WalException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
