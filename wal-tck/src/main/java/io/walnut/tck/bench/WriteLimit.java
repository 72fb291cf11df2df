package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** R: one {@code FileChannel.write} for each call into a growing file, and one {@code force(false)} where the log forces. */
final class WriteLimit implements Sink {
    static final String NAME = "R: one write for each append into a growing file";
    static final String FORCED = "R: one write + force(false) for each append or batch into a growing file";
    static final String FILE = "written";

    private final FileChannel channel;
    private final Load load;

    WriteLimit(Path directory, Load load) throws IOException {
        this.load = load;
        channel = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public Lane lane() {
        ByteBuffer[] calls = load.recordsPerCall() == 1 ? records() : new ByteBuffer[] {batch()};
        return (first, count) -> {
            for (int call = first; call < first + count; call++) {
                ByteBuffer bytes = calls[call & calls.length - 1];
                bytes.rewind();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (load.forced()) {
                    channel.force(false);
                }
            }
        };
    }

    private ByteBuffer[] records() {
        Payload payload = load.payload();
        ByteBuffer[] records = new ByteBuffer[payload.count()];
        for (int record = 0; record < records.length; record++) {
            records[record] = ByteBuffer.allocateDirect(payload.recordBytes()).put(payload.plain(record));
        }
        return records;
    }

    private ByteBuffer batch() {
        ByteBuffer batch = ByteBuffer.allocateDirect((int) load.bytes(1));
        for (int record = 0; record < load.recordsPerCall(); record++) {
            batch.put(load.payload().plain(record));
        }
        return batch;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
