package io.walnut.engine.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The holder of a lock, as its file says. The file is empty while nobody holds the lock, unless the last holder died.
 *
 * @param token unique to this lock; stands first in the file
 * @param directory the identity of the directory that is locked, so that a copy of the file does not count elsewhere
 * @param pid the holder's process
 * @param host the machine or container of the process
 * @param start when the process started, empty if that is not known
 * @param life the boot of the kernel, the namespace of the pid and when the process started, which together no other
 *     process ever has; empty if that is not known
 */
record LockHolder(String token, String directory, String pid, String host, String start, String life) {
    /** The size of the content, which is overwritten in place and never grows. */
    static final int BYTES = 1024;

    /** {@return this process with a new token} */
    static LockHolder here(String directory) {
        Self self = Self.get();
        return new LockHolder(UUID.randomUUID().toString(), directory, self.pid, self.host, self.start, self.life);
    }

    /** {@return the line that the token stands in} */
    byte[] tokenLine() {
        return ("token " + token + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** {@return the content of the file, with zeros behind the text} */
    byte[] bytes() {
        byte[] text = ("token " + token + "\ndirectory " + directory + "\npid " + pid + "\nhost " + host + "\nstart "
                        + start + "\nlife " + life + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(text, BYTES);
    }

    /** {@return what a file says; what it does not say is empty} */
    static LockHolder read(byte[] content) {
        Map<String, String> values = new TreeMap<>();
        for (String line : new String(content, StandardCharsets.US_ASCII)
                .replace("\0", "")
                .replaceAll("[^ -~\n]", "?")
                .split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        return new LockHolder(
                values.getOrDefault("token", ""),
                values.getOrDefault("directory", ""),
                values.getOrDefault("pid", ""),
                values.getOrDefault("host", ""),
                values.getOrDefault("start", ""),
                values.getOrDefault("life", ""));
    }

    /** {@return whether it is this process, which has no lock on the directory any more if it can ask} */
    boolean isHere() {
        return !life.isEmpty() && life.equals(Self.get().life) && pid.equals(Self.get().pid);
    }

    /** {@return whether the process certainly runs: on this kernel, with a pid that means the same here} */
    boolean isAlive() {
        return !life.isEmpty() && life.equals(Self.lifeOf(pid));
    }

    /** {@return the process in words, in parentheses; empty if nothing is known} */
    String inWords() {
        return pid.isEmpty()
                ? ""
                : " (pid " + pid + (host.isEmpty() ? "" : " on host " + host)
                        + (start.isEmpty() ? "" : ", started " + start) + ")";
    }

    /** This process. Read when it is first needed, and again if that failed: for lack of memory, for instance. */
    private record Self(String pid, String host, String start, String life) {
        private static volatile @Nullable Self known;

        private static final Path PROC = Path.of("/proc");
        private static final int MAX_HOST = 255;
        private static final int STATE = 0; // of the fields behind the name in /proc/<pid>/stat
        private static final int START_TICKS = 19;

        static Self get() {
            Self self = known;
            if (self == null) {
                String pid = Long.toString(ProcessHandle.current().pid());
                String start = ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Instant::toString)
                        .orElse("");
                self = new Self(pid, hostName(), start, lifeOf(pid));
                known = self;
            }
            return self;
        }

        private static String hostName() {
            String name =
                    System.getenv().getOrDefault("HOSTNAME", System.getenv().getOrDefault("COMPUTERNAME", ""));
            try {
                name = Files.readString(PROC.resolve("sys/kernel/hostname"));
            } catch (IOException | RuntimeException e) {
                // not Linux
            }
            String plain = name.strip().replaceAll("[^A-Za-z0-9._-]", "?");
            return plain.substring(0, Math.min(plain.length(), MAX_HOST));
        }

        /** {@return what no other process has; empty if there is no such process, it is dead, or it cannot be seen} */
        static String lifeOf(String pid) {
            try {
                String stat = Files.readString(PROC.resolve(pid).resolve("stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
                    return ""; // has ended, and its parent has not asked for its status
                }
                return Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                                .strip()
                        + " " + Files.readSymbolicLink(PROC.resolve("self/ns/pid"))
                        + " " + fields[START_TICKS];
            } catch (IOException | RuntimeException e) {
                return "";
            }
        }
    }
}
