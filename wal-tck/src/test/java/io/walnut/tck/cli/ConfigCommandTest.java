package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
    @TempDir
    Path temp;

    @Test
    void shouldListEveryKeyWithItsDefault() {
        Cli.run("config")
                .ends(0)
                .prints(
                        "wal.dir  (path, has to be given)",
                        "wal.segment.bytes  (size, 64KiB to 1GiB, default 128MiB)",
                        "The codec zstd: wal.codec=zstd",
                        "wal.codec.zstd.level  (int, -131072 to 22, default 3)",
                        "wal.fsync.batch.window  (duration, 1us to 1s, default 5ms)");
    }

    @Test
    void shouldAcceptAGoodFile() throws IOException {
        Path file = file("wal.dir=data/wal\nwal.codec=zstd\nwal.codec.zstd.level=5\n");

        Cli.run("config", "--check", file).ends(0).prints("ok: " + file);
    }

    @Test
    void shouldTellAllProblemsOfAFileAtOnce() throws IOException {
        Path file = file("wal.codec=zstd\nwal.codec.zstd.level=99\nwal.segment.byte=1MiB\nwal.io=quick\nwal.io=slow\n");

        Cli.run("config", "--check", file)
                .ends(1)
                .prints(
                        "problem: wal.dir: has to be given",
                        "problem: wal.codec.zstd.level: the value '99' must lie between",
                        "problem: wal.segment.byte: there is no such key; did you mean wal.segment.bytes?",
                        "problem: wal.io: is given more than once",
                        "problem: wal.io: the value 'slow' is none of auto, mapped, channel",
                        "WRONG: " + file + " has 5 problems");
    }

    @Test
    void shouldTellThatAFileNamesNoBackendThatIsThere() throws IOException {
        Cli.run("config", "--check", file("wal.dir=a\nwal.backend=ledger\n"))
                .ends(1)
                .prints("problem: wal.backend: there is no backend 'ledger'; available: engine");
    }

    @Test
    void shouldTellThatTheLogsOfAGroupCannotBeMapped() throws IOException {
        Cli.run("config", "--check", file("wal.dir=a\nwal.group.idle=1m\nwal.io=mapped\nwal.preallocator=none\n"))
                .ends(1)
                .prints("problem: wal.io: 'mapped' needs a preallocator that writes the space");
    }

    @Test
    void shouldCompleteAFileByOptions() throws IOException {
        Cli.run("config", "--check", file("wal.codec=lz4\n"), "--set", "wal.dir=data")
                .ends(0);
    }

    @Test
    void shouldSayThatAFileCannotBeRead() throws IOException {
        Cli.run("config", "--check", temp.resolve("none")).ends(2).complains("there is no file");
        Cli.run("config", "--check", file("wal.dir=\\uZZZZ\n")).ends(2).complains("is no properties file");
        Path latin = Files.write(temp.resolve("latin"), "wal.dir=Nüsse\n".getBytes(StandardCharsets.ISO_8859_1));
        Cli.run("config", "--check", latin).ends(2).complains("is not in UTF-8");
    }

    @Test
    void shouldRefuseToListAndCheckAtOnce() throws IOException {
        Cli.run("config", "--markdown", "--check", file("")).ends(2).complains("--markdown", "--check");
    }

    @Test
    void shouldLeaveNothingBehind() throws IOException {
        Cli.run("config", "--check", file("wal.dir=" + temp.resolve("log") + "\n"))
                .ends(0);
        assertEquals(1, Logs.contents(temp).size());
    }

    private Path file(String content) throws IOException {
        return Files.writeString(temp.resolve("wal.properties"), content);
    }
}
