package io.walnut.tck.cli;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The options of a command that looks into a log that is there. Looking changes nothing on disk. */
final class LogOptions {
    private static final String DIR = "wal.dir";

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory of the log; can be left out if a configuration says it (wal.dir).")
    @Nullable
    Path directory;

    @Mixin
    ConfigOptions options = new ConfigOptions();

    /**
     * Opens the log for reading only, beside a live writer too.
     *
     * @throws BadInputException if there is none
     */
    Wal open() {
        return open(config());
    }

    /** As {@link #open()}, with a configuration that was made from {@link #config()}. */
    Wal open(WalConfig config) {
        try {
            return Wal.openReadOnly(config);
        } catch (WalException e) {
            if (e.getCause() instanceof NoSuchFileException nothing && nothing.getReason() != null) {
                throw new BadInputException((nothing.getReason() + "; give the directory that holds the segments")
                        .replace("there is no log in it", "there is no log in " + where(config))
                        .replace("it is the root", where(config) + " is the root"));
            }
            throw e;
        }
    }

    /** {@return which log, and how to open it} */
    WalConfig config() {
        WalConfig config = options.configOver(directory == null ? Map.of() : Map.of(DIR, directory.toString()));
        if (config.get(DIR).isEmpty()) {
            throw new BadInputException("which log? Give its directory, or --config FILE with the key wal.dir");
        }
        boolean inFiles = config.get("wal.storage").orElse("file").equals("file");
        if (inFiles && Files.isRegularFile(Path.of(where(config)))) {
            throw new BadInputException(where(config) + " is a file; give the directory of a log");
        }
        if (inFiles && !Files.isDirectory(Path.of(where(config)))) {
            throw new BadInputException("there is no directory " + where(config) + "; give the directory of a log");
        }
        return config;
    }

    /** {@return the names of the logs inside, if the directory is the root of a group of logs; empty if it is not} */
    List<String> logsInside(WalConfig config) throws IOException {
        Path root = Path.of(where(config));
        if (!Files.isDirectory(root) || isLog(root)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, LogOptions::isLog)) {
            entries.forEach(each -> names.add(each.getFileName().toString()));
        }
        Collections.sort(names);
        return names;
    }

    private static boolean isLog(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "{STATE,[0-9]*.wal}")) {
            return files.iterator().hasNext();
        }
    }

    /** {@return the directory of the log, for a person} */
    static String where(WalConfig config) {
        return config.get(DIR).orElse("");
    }
}
