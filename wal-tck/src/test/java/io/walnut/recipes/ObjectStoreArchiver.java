package io.walnut.recipes;

import io.walnut.api.SegmentInfo;
import io.walnut.spi.SegmentArchiver;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Keeps sealed segments as objects of a store that speaks HTTP, and gets them back. */
final class ObjectStoreArchiver implements SegmentArchiver {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI bucket;

    /** An archiver to a bucket, whose URI ends with a slash. */
    ObjectStoreArchiver(URI bucket) {
        this.bucket = bucket;
    }

    /** Puts the object, whole or not at all; putting it again replaces it by the same. */
    @Override
    public void archive(SegmentInfo segment, StorageFile content) throws IOException {
        InputStream bytes = new Content(content);
        HttpRequest put = request(segment.name())
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), content.size()))
                .build();
        send(put, BodyHandlers.discarding());
    }

    /** Fills an empty directory with all segments of the bucket: a log that opens. */
    void restore(Path directory) throws IOException {
        Files.createDirectories(directory);
        String names = send(request("").build(), BodyHandlers.ofString());
        for (String name : names.lines().toList()) {
            send(request(name).build(), BodyHandlers.ofFile(directory.resolve(name)));
        }
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(bucket.resolve(name)).timeout(Duration.ofMinutes(5));
    }

    private <T> T send(HttpRequest request, BodyHandler<T> handler) throws IOException {
        try {
            HttpResponse<T> response = http.send(request, handler);
            if (response.statusCode() / 100 != 2) {
                throw new IOException(request.method() + " " + request.uri() + " ended with " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted at " + request.uri());
        }
    }

    /** The bytes of a segment as a stream. */
    private static final class Content extends InputStream {
        private final StorageFile file;
        private long position;

        Content(StorageFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = file.read(ByteBuffer.wrap(target, from, length), position);
            position += Math.max(read, 0);
            return read;
        }
    }
}
