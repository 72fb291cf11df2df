package io.walnut.tck.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A real file, whose lines become records. Their number has no end: after the last line comes the first again.
 *
 * @param file where it is
 * @param lines its lines, without what ends them; the pieces of a line that is very long
 * @param bytes how long they are together
 * @param whole whether that is all of the file, which may be very long too
 */
record SourceText(Path file, List<byte[]> lines, long bytes, boolean whole) {
    private static final int MAX_FILE_BYTES = 32 << 20;
    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final List<String> EVERY_CHECKOUT_HAS = List.of("LICENSE", "README.md");

    /**
     * Reads a file.
     *
     * @throws BadInputException if it cannot be read or holds nothing
     */
    static SourceText read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException((Files.exists(file) ? file + " is not a file" : "there is no file " + file)
                    + "; give the path of any text file");
        }
        byte[] content;
        boolean whole;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES);
            whole = in.read() < 0;
        } catch (IOException e) {
            throw new BadInputException("the file " + file + " cannot be read: " + e);
        }
        if (content.length == 0) {
            throw new BadInputException("the file " + file + " is empty; give one with a few lines");
        }
        List<byte[]> lines = split(content);
        return new SourceText(
                file, lines, lines.stream().mapToLong(line -> line.length).sum(), whole);
    }

    private static List<byte[]> split(byte[] content) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < content.length; i++) {
            boolean ends = content[i] == '\n';
            if (ends || i - start == MAX_LINE_BYTES) {
                lines.add(Arrays.copyOfRange(content, start, i));
                start = ends ? i + 1 : i;
            }
        }
        if (start < content.length) {
            lines.add(Arrays.copyOfRange(content, start, content.length));
        }
        return lines;
    }

    /**
     * Finds a file that every checkout has, here or further up; outside of any, what is in the jar.
     *
     * @throws BadInputException if there is nothing
     */
    static Path find(Path from) {
        for (Path at = from.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            for (String name : EVERY_CHECKOUT_HAS) {
                if (Files.isRegularFile(at.resolve(name))) {
                    return at.resolve(name);
                }
            }
        }
        return own();
    }

    /** {@return the licence that is in the jar, in a file of its own until this process ends} */
    private static Path own() {
        try (InputStream licence = SourceText.class.getResourceAsStream("/META-INF/LICENSE")) {
            if (licence == null) {
                throw new BadInputException("there is no text to be found; give the path of any text file");
            }
            Path copy = Files.createTempFile("walnut-demo-", ".txt");
            copy.toFile().deleteOnExit();
            Files.write(copy, licence.readAllBytes());
            return copy;
        } catch (IOException e) {
            throw new BadInputException(
                    "the text of the demo cannot be written: " + e + "; give the path of a text file");
        }
    }

    /** {@return the key of the record with this number, counted from 0} */
    static byte[] key(long record) {
        return Long.toString(record).getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return the value of the record with this number, counted from 0} */
    byte[] value(long record) {
        return lines.get((int) (record % lines.size()));
    }

    /** {@return how many bytes of text the first so many records hold} */
    long bytesOf(long records) {
        long sum = records / lines.size() * bytes;
        for (byte[] line : lines.subList(0, (int) (records % lines.size()))) {
            sum += line.length;
        }
        return sum;
    }
}
