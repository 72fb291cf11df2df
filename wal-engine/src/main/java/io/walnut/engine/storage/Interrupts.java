package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * Work on channels of one's own that a thread's interrupt would close: it is done with the flag cleared, again from the
 * start if an interrupt comes all the same, and the flag is set again afterwards.
 */
final class Interrupts {
    private Interrupts() {}

    interface ChannelWork<T> {
        T on(FileChannel channel) throws IOException;
    }

    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T withOwnChannel(Path path, OpenOption option, ChannelWork<T> work) throws IOException {
        return immune(() -> {
            try (FileChannel channel = FileChannel.open(path, option)) {
                return work.on(channel);
            }
        });
    }

    static <T> T immune(Work<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
