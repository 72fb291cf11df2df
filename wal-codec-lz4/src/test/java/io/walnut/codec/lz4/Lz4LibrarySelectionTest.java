package io.walnut.codec.lz4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which implementation of LZ4 is live, asked where the library's own choice would be another. */
class Lz4LibrarySelectionTest {
    @Test
    void shouldBeNativeOutsideTheSystemClassLoaderToo() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> codec = loader.loadClass(Lz4Codec.class.getName());
            assertNotSame(Lz4Codec.class, codec);

            Object isolated = codec.getConstructor(int.class).newInstance(0);
            assertEquals(true, codec.getMethod("isNative").invoke(isolated));
        }
    }

    @Test
    void shouldBeNativeInAPlainProcess() throws Exception {
        assertEquals("native round trip", liveIn(List.of()));
    }

    @Test
    void shouldFallBackToPureJavaWhereTheNativeLibraryCannotBeUnpacked(@TempDir Path directory) throws Exception {
        assertEquals(
                "pure Java round trip", liveIn(List.of("-Djava.io.tmpdir=" + directory.resolve("does-not-exist"))));
    }

    private static String liveIn(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lz4Probe.class.getName()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        return said.strip();
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(new URL[0]);
    }
}
