package io.walnut.codec.zstd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the native library is loaded, asked in processes of their own. */
class ZstdLibraryTest {
    @Test
    void shouldNotBeLoadedBeforeACodecIsMade() throws Exception {
        assertEquals("described without loading, created", said(List.of()));
    }

    @Test
    void shouldBeMissedClearlyWhereItCannotBeUnpacked(@TempDir Path directory) throws Exception {
        assertEquals(
                "described without loading, refused: the native library of zstd-jni cannot be loaded",
                said(List.of("-DZstdTempFolder=" + directory.resolve("does-not-exist"))));
    }

    private static String said(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ZstdProbe.class.getName()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return said.strip();
    }
}
