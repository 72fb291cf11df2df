package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A full disk under a language of the system in which nobody looks for "No space left on device". */
class FullDiskLanguageTest {
    @TempDir
    Path directory;

    /** The locale is made once: that takes longer than a test. */
    @TempDir
    private static Path locales;

    /** Makes a locale whose messages are not English, and skips the test where there is none. */
    private Map<String, String> german() throws Exception {
        Path german = locales.resolve("de_DE.UTF-8");
        boolean made = Files.exists(german);
        try {
            made = made
                    || Children.start(List.of("localedef", "-i", "de_DE", "-f", "UTF-8", german + ""))
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            // it is not installed
        }
        assumeTrue(made, "localedef and the source of the locale de_DE are not installed");
        Map<String, String> environment =
                Map.of("LOCPATH", locales.toString(), "LC_ALL", "de_DE.UTF-8", "LANGUAGE", "", "LANG", "de_DE.UTF-8");
        String text = FullDiskTest.run(environment, List.of("sh", "-c", "cat " + directory + "/missing 2>&1; true"));
        assumeTrue(!text.contains("No such file"), "the German messages of the C library are not installed");
        return environment;
    }

    @ParameterizedTest
    @CsvSource({"zero,mapped", "none,channel", "sparse,channel"})
    void aFullDiskIsRecognisedInAnotherLanguage(String preallocator, String io) throws Exception {
        String said = FullDiskTest.inSmallFileSystem(directory, german(), "os", preallocator, io);
        assertTrue(said.contains("all held"), said);
    }

    @ParameterizedTest
    @CsvSource({"zero", "none"})
    void aFileSizeLimitIsRecognisedInAnotherLanguage(String preallocator) throws Exception {
        String script =
                "ulimit -f 3000; exec " + Children.shell(FullDiskTest.Filling.class, "os", preallocator, "channel")
                        + " " + directory.resolve("log");
        String said = FullDiskTest.run(german(), List.of("bash", "-c", script));
        assertTrue(said.contains("all held"), said);
    }

    @ParameterizedTest
    @CsvSource({"false,none", "true,none", "true,sparse"})
    void anExceededQuotaIsRecognisedInAnyLanguage(boolean foreign, String preallocator) throws Exception {
        Map<String, String> environment = foreign ? german() : Map.of();
        assumeTrue(
                Children.start(List.of("sh", "-c", "strace -f -o /dev/null true"))
                                .waitFor()
                        == 0,
                "strace is not installed, or may not trace here");
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL", "60", "strace", "-f", "--seccomp-bpf"));
        command.addAll(List.of("-qq", "-o", "/dev/null", "-e", "trace=pwrite64"));
        command.addAll(List.of("-e", "inject=pwrite64:error=EDQUOT:when=20+"));
        command.addAll(
                Children.command(OverQuota.class, directory.resolve("log").toString(), preallocator));
        String said = FullDiskTest.run(environment, command);
        assertTrue(said.contains("all held"), said);
    }

    /** Appends until the quota is exceeded, and checks that the append is rejected for that. */
    static final class OverQuota {
        private OverQuota() {}

        public static void main(String[] arguments) {
            Wal wal = Wal.open(WalConfig.builder(Path.of(arguments[0]))
                    .fsync("os")
                    .preallocator(arguments[1])
                    .io("channel")
                    .segmentBytes(64 << 10)
                    .build());
            long acknowledged = FullDiskTest.Filling.fill(wal);
            FullDiskTest.Filling.check(wal.state() == WalState.OPEN, "the log stays open");
            System.out.println("all held after " + acknowledged + " appends");
            Runtime.getRuntime().halt(0); // nothing can be written any more
        }
    }
}
