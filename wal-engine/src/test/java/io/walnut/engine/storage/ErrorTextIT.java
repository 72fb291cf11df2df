package io.walnut.engine.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The texts that the packaged engine learns from the C library are those of the JDK's exceptions. */
class ErrorTextIT {
    private static final Path ALWAYS_FULL = Path.of("/dev/full");

    @Test
    void theTextOfAnErrorIsThatOfTheException() throws IOException {
        assumeTrue(Runtime.version().feature() >= 22, "the overlay needs JDK 22 or later");
        assumeTrue(Files.exists(ALWAYS_FULL), "there is no device here that is always full");
        try (OutputStream full = new FileOutputStream(ALWAYS_FULL.toFile())) {
            assertEquals(assertThrows(IOException.class, () -> full.write(0)).getMessage(), ErrorText.of(28));
        }
        assertFalse(ErrorText.of(122).isEmpty(), "a quota");
    }
}
