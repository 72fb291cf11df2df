package io.walnut.tck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PrintingTest {
    private final StringWriter out = new StringWriter();

    @Test
    void shouldWriteNumbersForPeopleInAnyLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertEquals("1,234,567", Human.count(1_234_567));
            assertEquals("1 record, 2 records", Human.count(1, "record") + ", " + Human.count(2, "record"));
            assertEquals("1023 B", Human.bytes(1023));
            assertEquals("1.0 KiB", Human.bytes(1024));
            assertEquals("1.0 MiB", Human.bytes((1 << 20) - 1));
            assertEquals("16.0 TiB", Human.bytes(16L << 40));
            assertEquals("0.3 ms", Human.duration(Duration.ofNanos(300_000)));
            assertEquals("52 ms", Human.duration(Duration.ofMillis(52)));
            assertEquals("1.50 s", Human.duration(Duration.ofMillis(1500)));
            assertEquals("2,000/s", Human.rate(1000, Duration.ofMillis(500)));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void shouldAlignColumns() {
        Table table = new Table("name", ">size", "state");
        table.row("a", 1, "ok");
        table.row("longer", 1000, "");

        PrintWriter writer = new PrintWriter(out);
        table.print(writer);

        assertEquals(List.of("name    size  state", "a          1  ok", "longer  1000"), lines());
    }

    @Test
    void shouldShowProgressInPlainLinesWhereNobodyWatches() {
        Progress progress = new Progress(new Terminal(new PrintWriter(out), new PrintWriter(out), false), "going", 100);
        for (int done = 1; done <= 100; done++) {
            progress.at(done);
        }
        progress.finish();

        assertEquals(List.of("going        25 %  25", "going        50 %  50", "going        75 %  75"), lines());
    }

    @Test
    void shouldPrintBytesAsTextOnlyWhereThatIsSafeAndUnambiguous() {
        assertEquals("\"plain \\\"text\\\"\"", BytesFormat.AUTO.inText(Logs.bytes("plain \"text\"")));
        assertEquals("0x1b5b324a", BytesFormat.AUTO.inText(Logs.bytes("\u001b[2J")));
        assertEquals("0xe280ae", BytesFormat.AUTO.inText(Logs.bytes("\u202e")));
        assertEquals("0xc3", BytesFormat.AUTO.inText(new byte[] {(byte) 0xc3}));
        assertEquals("\"\"", BytesFormat.AUTO.inText(new byte[0]));
        assertEquals("Base64", BytesFormat.AUTO.inJson(new byte[] {0}).suffix());
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }
}
