package io.walnut.recipes;

import io.walnut.api.Entry;
import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalRecord;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Flow;

/**
 * One log is copied to another over a connection that may break at any byte. The follower says which sequence it needs
 * next; the leader publishes from there, no faster than the connection takes it.
 */
final class Replication {
    private Replication() {}

    /** Sends its log, as far as it is durable, to whoever connects. */
    static final class Leader implements AutoCloseable {
        private final Wal wal;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Leader(Wal wal) throws IOException {
            this.wal = wal;
            start("leader", this::accept);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) server.getLocalSocketAddress();
        }

        private void accept() throws IOException {
            while (true) {
                Socket follower = server.accept();
                start("leader-of-" + follower.getPort(), () -> serve(follower));
            }
        }

        private void serve(Socket follower) throws IOException {
            try {
                long next = new DataInputStream(follower.getInputStream()).readLong();
                wal.publisher(positionOf(next)).subscribe(new Sender(follower));
            } catch (IOException | RuntimeException e) {
                follower.close(); // it will come again, or it asks for what was deleted
                throw e;
            }
        }

        private Position positionOf(long sequence) {
            Position end = wal.end(); // first: if the record is the next one after this, it comes at this end
            return sequence == wal.nextSequence() ? end : wal.positionOf(sequence);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** Writes entries to a connection; asks for the next one when one is written. */
    private static final class Sender implements Flow.Subscriber<Entry> {
        private final Socket socket;
        private final DataOutputStream out;
        private Flow.Subscription subscription;

        Sender(Socket socket) throws IOException {
            this.socket = socket;
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Entry entry) {
            try {
                write(out, entry);
                out.flush();
                subscription.request(1);
            } catch (IOException e) {
                subscription.cancel();
                end();
            }
        }

        @Override
        public void onError(Throwable failure) {
            end();
        }

        @Override
        public void onComplete() {
            end();
        }

        private void end() {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
    }

    /** Receives until the connection ends; returns the sequence that it needs next then. */
    static long follow(Wal copy, InetSocketAddress leader, Duration patience) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(leader, (int) patience.toMillis());
            socket.setSoTimeout((int) patience.toMillis());
            new DataOutputStream(socket.getOutputStream()).writeLong(copy.nextSequence());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                long sequence = in.readLong();
                if (sequence != copy.nextSequence()) {
                    throw new IOException("sequence " + sequence + " came instead of " + copy.nextSequence());
                }
                copy.append(readRecord(in)); // not before all of it is there
            }
        } catch (IOException e) {
            return copy.nextSequence(); // cut off, or nothing came: who calls this decides whether to try again
        }
    }

    private static void write(DataOutputStream out, Entry entry) throws IOException {
        WalRecord record = entry.record();
        Instant stamp = record.timestamp().orElseThrow();
        out.writeLong(entry.sequence());
        out.writeBoolean(record.kind() == WalRecord.Kind.DELETE);
        write(out, record.keyBytes());
        write(out, record.valueBytes());
        out.writeLong(stamp.getEpochSecond());
        out.writeInt(stamp.getNano());
        out.writeLong(record.ttl().map(Duration::toNanos).orElse(0L));
        out.writeLong(record.version().map(WalRecord.Version::term).orElse(-1L));
        out.writeLong(record.version().map(WalRecord.Version::index).orElse(-1L));
    }

    private static WalRecord readRecord(DataInputStream in) throws IOException {
        boolean deletion = in.readBoolean();
        byte[] key = readBytes(in);
        byte[] value = readBytes(in);
        WalRecord record = deletion ? WalRecord.delete(key) : WalRecord.put(key, value);
        record = record.withTimestamp(Instant.ofEpochSecond(in.readLong(), in.readInt()));
        long ttl = in.readLong();
        record = ttl > 0 ? record.withTtl(Duration.ofNanos(ttl)) : record;
        long term = in.readLong();
        long index = in.readLong();
        return term < 0 ? record : record.withVersion(term, index);
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | RuntimeException e) {
                        // the connection is closed, and so is what it was for
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
