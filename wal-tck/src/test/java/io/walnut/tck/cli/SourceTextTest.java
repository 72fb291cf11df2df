package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTextTest {
    @TempDir
    Path temp;

    @Test
    void shouldGiveTheLinesAgainAndAgain() throws IOException {
        SourceText text = SourceText.read(Files.writeString(temp.resolve("text"), "one\n\nthree"));

        assertEquals(3, text.lines().size());
        assertEquals(8, text.bytes());
        assertArrayEquals(Logs.bytes("one"), text.value(0));
        assertArrayEquals(Logs.bytes(""), text.value(1));
        assertArrayEquals(Logs.bytes("three"), text.value(2));
        assertArrayEquals(Logs.bytes("one"), text.value(3));
        assertEquals(8 + 3, text.bytesOf(5));
    }

    @Test
    void shouldTakeAFileOfAnyBytesAndOfVeryLongLines() throws IOException {
        byte[] content = new byte[200_000];
        java.util.Arrays.fill(content, (byte) 0xfe);

        SourceText text = SourceText.read(Files.write(temp.resolve("blob"), content));

        assertEquals(
                List.of(65536, 65536, 65536, 3392),
                text.lines().stream().map(line -> line.length).toList());
        assertEquals(content.length, text.bytes());
        assertTrue(text.whole());
    }

    @Test
    void shouldLookForADefaultHereAndFurtherUp() throws IOException {
        Path deep = Files.createDirectories(temp.resolve("a/b"));
        Path license = Files.writeString(temp.resolve("LICENSE"), "free\n");

        assertEquals(license, SourceText.find(deep));
    }

    @Test
    void shouldUseTheTextInTheJarWhereThereIsNoCheckout() {
        Path root = temp.getRoot();
        if (!Files.exists(root.resolve("LICENSE")) && !Files.exists(root.resolve("README.md"))) {
            assertTrue(SourceText.read(SourceText.find(root)).lines().size() > 10);
        }
    }
}
