package io.walnut.tck.cli;

import io.walnut.api.Entry;
import java.io.IOException;

/** Prints records in some format. Closing ends the output but leaves the terminal open. */
interface RecordPrinter extends AutoCloseable {
    void print(Entry entry) throws IOException;

    @Override
    void close() throws IOException;
}
