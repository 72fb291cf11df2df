package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.walnut.api.Wal;
import io.walnut.api.WalGroup;
import io.walnut.api.WalRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EveryDayTest {
    @TempDir
    Path temp;

    private static void isJson(Cli cli) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(cli.out())) {
            while (parser.nextToken() != null) {
                parser.getText();
            }
        }
    }

    @Test
    void shouldReadARunningLogThatIsStillEmpty() {
        try (Wal wal = Wal.open(Logs.small(temp))) {
            Cli.run("stat", temp).ends(0).prints("0 records in 0 segments");
            Cli.run("verify", temp).ends(0).prints("ok: 0 records");
            Cli.run("dump", temp).ends(0);
            Cli.run("tail", temp, "--looks", 2, "--interval", 0.001).ends(0);
            wal.sync();
        }
    }

    @Test
    void shouldListTheLogsOfAGroup() throws IOException {
        try (WalGroup group = WalGroup.open(temp)) {
            Logs.append(group.wal("orders"), 3);
            Logs.append(group.wal("payments"), 5);
        }
        Cli stat = Cli.run("stat", temp).ends(0).prints("group ", "orders", "payments");
        assertTrue(stat.lines().stream().anyMatch(line -> line.matches("payments +5 +1 .*")), stat::out);
        isJson(Cli.run("stat", temp, "--format", "json").ends(0).prints("\"lastSequence\" : 5"));
        Cli.run("verify", temp).ends(2).complains("is the root of a group of logs (orders, payments)");
    }

    @Test
    void shouldPrintOneJsonObjectForPrograms() throws IOException {
        Logs.write(temp, 100);
        isJson(Cli.run("stat", temp, "--format", "json").ends(0).prints("\"records\" : 100", "\"segments\" : ["));
        isJson(Cli.run("verify", temp, "--format", "json").ends(0).prints("\"intact\" : true"));
        Logs.flipBit(temp.resolve("0000000001.wal"), 20_000);
        isJson(Cli.run("verify", temp, "--format", "json").ends(1).prints("\"intact\" : false", "DAMAGED"));
        isJson(Cli.run("plugins", "--format", "json").ends(0).prints("\"name\" : \"zstd\""));
        isJson(Cli.run("config", "--format", "json").ends(0).prints("\"key\" : \"wal.dir\""));
    }

    @Test
    void shouldPrintTheRecordsThatWereAskedFor() {
        Instant noon = Instant.parse("2026-11-30T12:00:00Z");
        try (Wal wal = Wal.open(Logs.small(temp))) {
            for (int i = 0; i < 10; i++) {
                wal.append(WalRecord.put(Logs.bytes("k" + i % 3), Logs.bytes("v" + i))
                        .withTimestamp(noon.plusSeconds(i)));
            }
        }
        assertEquals(List.of("v7", "v8", "v9"), values("--last", 3));
        assertEquals(List.of(), values("--last", 0));
        assertEquals(10, values("--last", 100).size());
        assertEquals(List.of("v1", "v4", "v7"), values("--key", "k1"));
        assertEquals(List.of("v4"), values("--key", "k1", "--since", noon.plusSeconds(2), "--limit", 1));
        assertEquals(List.of("v5"), values("--since", "2026-11-30T13:00:05+01:00", "--until", noon.plusSeconds(6)));
        assertEquals(List.of(), values("--since", noon.plusSeconds(60)));
        Cli.run("dump", temp, "--since", "yesterday")
                .ends(2)
                .complains("'yesterday' is no time", "2026-11-30T12:00:00Z");
        Cli.run("dump", temp, "--last", -1).ends(2).complains("--last");
    }

    private List<String> values(Object... options) {
        Object[] args = new Object[options.length + 2];
        args[0] = "dump";
        args[1] = temp;
        System.arraycopy(options, 0, args, 2, options.length);
        return Cli.run(args).ends(0).lines().stream()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1).replace("\"", ""))
                .toList();
    }
}
