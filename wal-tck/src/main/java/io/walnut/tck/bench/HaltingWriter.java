package io.walnut.tck.bench;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process that appends and then halts, without closing the log. */
public final class HaltingWriter {
    private static final int HALTED = 42;
    private static final int VALUE_BYTES = 1024;

    private HaltingWriter() {}

    /**
     * The process.
     *
     * @param args how many bytes, the seed, whether to force them before it halts, and the configuration as {@code key=value}
     */
    public static void main(String[] args) {
        long bytes = Long.parseLong(args[0]);
        Payload payload = Payload.random(Long.parseLong(args[1]), VALUE_BYTES);
        Map<String, String> values = new HashMap<>();
        for (String arg : List.of(args).subList(3, args.length)) {
            int sign = arg.indexOf('=');
            values.put(arg.substring(0, sign), arg.substring(sign + 1));
        }
        Wal wal = Wal.open(WalConfig.from(values));
        for (int record = 0; (long) record * payload.recordBytes() < bytes; record++) {
            wal.append(payload.key(record), payload.value(record));
        }
        if (Boolean.parseBoolean(args[2])) {
            wal.sync();
        }
        Runtime.getRuntime().halt(HALTED);
    }

    /** Runs the process to its end. */
    static void run(WalConfig config, long bytes, long seed, boolean forced) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        String path = Stream.of("jdk.module.path", "java.class.path")
                .map(property -> System.getProperty(property, ""))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", path, HaltingWriter.class.getName()));
        command.addAll(List.of(Long.toString(bytes), Long.toString(seed), Boolean.toString(forced)));
        config.toMap().forEach((key, value) -> command.add(key + "=" + value));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.waitFor();
        if (exitCode != HALTED) {
            throw new IOException("the writing process ended with exit code " + exitCode + ": " + output);
        }
    }
}
