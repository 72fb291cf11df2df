package io.walnut.engine.storage;

import io.walnut.spi.StorageFullException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Recognises failures that come from a lack of space: a full device, an exceeded quota, a limit on the size of files. The
 * JDK reports an error of the system by its text alone, which depends on the language of the process. So the texts are
 * learned from the system: from the C library where it can be called, otherwise from a device that is always full. A text
 * that nothing is known of is put to the test: there is no space if a new file can be created beside the one that failed,
 * and storing at the same place of it fails with the same text.
 */
final class FullDisk {
    private static final int ENOSPC = 28;
    private static final int EFBIG = 27;
    private static final int EDQUOT = 122;

    /** Parts of the English texts of glibc, musl, the BSDs and Windows, in lower case. */
    private static final List<String> ENGLISH =
            List.of("no space left", "quota exceeded", "file too large", "not enough space");

    private static final Path ALWAYS_FULL = Path.of("/dev/full");

    private FullDisk() {}

    /** {@return the same failure, as {@link StorageFullException} if it comes from a lack of space} */
    static IOException explained(IOException failure, Path path) {
        return isKnown(failure) ? full(failure, path) : failure;
    }

    /**
     * Explains a failed write.
     *
     * @param failure what the write failed with
     * @param path the file that was written
     * @param last the position of the last byte that was to be written
     * @return the same failure, as {@link StorageFullException} if it comes from a lack of space
     */
    static IOException explained(IOException failure, Path path, long last) {
        return isKnown(failure) || Texts.FOREIGN && nothingCanBeStored(path, last, textOf(failure))
                ? full(failure, path)
                : failure;
    }

    private static IOException full(IOException failure, Path path) {
        return failure instanceof StorageFullException
                ? failure
                : new StorageFullException("no space for " + path + ": " + textOf(failure), failure);
    }

    private static boolean isKnown(IOException failure) {
        String text = textOf(failure);
        return failure instanceof StorageFullException || isEnglish(text) || Texts.LEARNED.contains(text);
    }

    private static boolean isEnglish(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return ENGLISH.stream().anyMatch(lower::contains);
    }

    /** {@return what the system said, without the names of files} */
    private static String textOf(IOException failure) {
        String text = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return text == null ? "" : text;
    }

    private static boolean nothingCanBeStored(Path beside, long at, String text) {
        Path probe;
        try {
            probe = Files.createTempFile(beside.toAbsolutePath().getParent(), ".space-", ".probe");
        } catch (IOException | RuntimeException e) {
            return false; // something else is wrong
        }
        try {
            Interrupts.withOwnChannel(
                    probe, StandardOpenOption.WRITE, channel -> channel.write(ByteBuffer.allocate(1), at));
            return false;
        } catch (IOException e) {
            return textOf(e).equals(text);
        } finally {
            forget(probe);
        }
    }

    private static void forget(Path probe) {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            System.getLogger("io.walnut.engine").log(System.Logger.Level.DEBUG, "wal.probe.left file=" + probe, e);
        }
    }

    /** The texts of the system in the language of this process, learned when something fails for the first time. */
    private static final class Texts {
        private static final Set<String> LEARNED = learned();

        /** The system speaks another language than English, and not all of its texts are known. */
        private static final boolean FOREIGN = ErrorText.of(EDQUOT).isEmpty()
                && (LEARNED.isEmpty()
                        ? System.getProperty("os.name", "").startsWith("Windows")
                        : LEARNED.stream().noneMatch(FullDisk::isEnglish));

        private static Set<String> learned() {
            Set<String> texts = new HashSet<>();
            for (int errno : new int[] {ENOSPC, EFBIG, EDQUOT}) {
                texts.add(ErrorText.of(errno));
            }
            texts.add(textOfAFullDevice());
            texts.remove("");
            return Set.copyOf(texts);
        }

        private static String textOfAFullDevice() {
            if (!Files.exists(ALWAYS_FULL)) {
                return "";
            }
            try (OutputStream full = new FileOutputStream(ALWAYS_FULL.toFile())) {
                return textOfAWriteTo(full);
            } catch (IOException e) {
                return "";
            }
        }

        private static String textOfAWriteTo(OutputStream target) {
            try {
                target.write(0);
                return "";
            } catch (IOException e) {
                return textOf(e);
            }
        }
    }
}
