package io.walnut.tck.cli;

import io.walnut.api.Entry;
import io.walnut.api.WalRecord;
import java.io.PrintWriter;

/** A line for a person: position, sequence, time, kind, key and value. */
final class TextPrinter implements RecordPrinter {
    private final PrintWriter out;
    private final BytesFormat bytes;

    TextPrinter(PrintWriter out, BytesFormat bytes) {
        this.out = out;
        this.bytes = bytes;
    }

    @Override
    public void print(Entry entry) {
        WalRecord record = entry.record();
        StringBuilder line =
                new StringBuilder().append(entry.position()).append(" #").append(entry.sequence());
        record.timestamp().ifPresent(time -> line.append(' ').append(time));
        line.append(' ').append(record.kind()).append(' ').append(bytes.inText(record.keyBytes()));
        if (record.kind() != WalRecord.Kind.DELETE) {
            line.append(" = ")
                    .append(
                            record.isStreamed()
                                    ? "(" + Human.bytes(record.valueLength()) + ", to be read as a stream)"
                                    : bytes.inText(record.valueBytes()));
        }
        record.expiresAt().ifPresent(time -> line.append(" expires ").append(time));
        record.version()
                .ifPresent(version -> line.append(" term ")
                        .append(version.term())
                        .append(" index ")
                        .append(version.index()));
        out.println(line);
    }

    @Override
    public void close() {
        out.flush();
    }
}
