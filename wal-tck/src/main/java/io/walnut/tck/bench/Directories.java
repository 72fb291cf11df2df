package io.walnut.tck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of logs that come and go. */
final class Directories {
    private Directories() {}

    /** Has files unmapped that nobody uses: until then they keep their space when they are deleted. */
    static void unmap() {
        System.gc();
    }

    /** Deletes a directory and what is in it, or a file. */
    static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    /** {@return the sizes of all files together; a file that vanishes meanwhile is not counted} */
    static long bytes(Path directory) throws IOException {
        long sum = 0;
        for (Path file : files(directory)) {
            try {
                sum += Files.size(file);
            } catch (NoSuchFileException e) {
                // it has no size any more
            }
        }
        return sum;
    }

    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
