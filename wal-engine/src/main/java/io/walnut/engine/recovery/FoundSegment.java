package io.walnut.engine.recovery;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.format.SegmentHeader.InvalidHeaderException;
import io.walnut.engine.format.SegmentSpace;
import io.walnut.engine.log.Place;
import io.walnut.engine.log.Segment;
import io.walnut.engine.read.FrameCursor;
import io.walnut.engine.read.SegmentScan;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A segment's file as it was found: its ends first, and its frames if there is no footer at its end. */
final class FoundSegment {
    final long number;
    final String name;
    final long size;
    final @Nullable SegmentHeader header;
    final String problem;
    final @Nullable OpenFrame open;
    final @Nullable Footer footer;

    /** The truncation that cut it off, if it has no footer since then. */
    final LogState.@Nullable Cut cut;

    @Nullable
    SegmentScan scan;

    private @Nullable Remains remains;

    /** Whether its header is of the version that is written now, so that no older reader appends to it. */
    private boolean current;

    private FoundSegment(
            long number,
            String name,
            long size,
            @Nullable SegmentHeader header,
            String problem,
            @Nullable OpenFrame open,
            @Nullable Footer footer,
            LogState.@Nullable Cut cut) {
        this.number = number;
        this.name = name;
        this.size = size;
        this.header = header;
        this.problem = problem;
        this.open = open;
        this.footer = footer;
        this.cut = cut;
    }

    private static FoundSegment unusable(long number, String name, long size, String problem) {
        return new FoundSegment(number, name, size, null, problem, null, null, null);
    }

    static FoundSegment load(Storage storage, String name, LogState.Cut truncation) throws IOException {
        long number = Segment.numberOf(name);
        try (StorageFile file = storage.openReadOnly(name)) {
            long size = file.size();
            if (size > Place.MAX_OFFSET) {
                return unusable(number, name, size, "its " + size + " bytes are more than a segment can have");
            }
            ByteBuffer page = Bytes.allocate(SegmentHeader.BYTES);
            if (!Remains.readFully(file, page, 0)) {
                return unusable(number, name, size, "it is shorter than a header");
            }
            SegmentHeader header;
            try {
                header = SegmentHeader.read(page);
            } catch (InvalidHeaderException e) {
                return unusable(number, name, size, String.valueOf(e.getMessage()));
            }
            if (header.segment() != number) {
                return unusable(number, name, size, "its header says that it is segment " + header.segment());
            }
            FrameCursor first = new FrameCursor(512);
            first.start(file, header.salt());
            boolean opened =
                    first.next(Math.min(size, SegmentHeader.BYTES + OpenFrame.LENGTH)) == FrameCursor.Step.FRAME;
            Footer footer = footer(file, header, size);
            boolean cutOff = number == truncation.segment()
                    && (footer == null
                            || footer.start() != truncation.end()
                            || footer.previousCheck() != truncation.check());
            FoundSegment found = new FoundSegment(
                    number,
                    name,
                    cutOff ? Math.min(size, truncation.end()) : size,
                    header,
                    "",
                    opened ? first.open() : null,
                    cutOff ? null : footer,
                    cutOff ? truncation : null);
            found.current = SegmentHeader.isCurrent(page);
            return found;
        }
    }

    private static @Nullable Footer footer(StorageFile file, SegmentHeader header, long size) throws IOException {
        if (size < SegmentHeader.BYTES + Footer.length(0)) {
            return null;
        }
        ByteBuffer trailer = Bytes.allocate(16);
        if (!Remains.readFully(file, trailer, size - 16)) {
            return null;
        }
        long start = Footer.startFromTrailer(trailer);
        if (start < SegmentHeader.BYTES
                || start % 8 != 0
                || start > size - Footer.length(0)
                || size - start > Footer.length(SegmentSpace.indexEntries(start))) {
            return null;
        }
        ByteBuffer frame = Bytes.allocate((int) (size - start));
        return Remains.readFully(file, frame, start) ? Footer.read(header.salt(), start, frame) : null;
    }

    /** Reads all of its frames. */
    SegmentScan scan(Storage storage, FrameCursor frames) throws IOException {
        try (StorageFile file = storage.openReadOnly(name)) {
            frames.start(file, knownHeader().salt());
            SegmentScan result = SegmentScan.of(frames, number, size, cut != null);
            scan = result;
            return result;
        }
    }

    /** Reads what lies behind its valid frames, or behind its header if it was not scanned. */
    Remains remains(Storage storage) throws IOException {
        Remains known = remains;
        if (known == null) {
            SegmentScan valid = scan;
            long from = header == null ? 0 : valid == null ? SegmentHeader.BYTES : valid.stopOffset();
            try (StorageFile file = storage.openReadOnly(name)) {
                known = Remains.behind(file, number, header == null ? 0 : header.salt(), from);
            }
            remains = known;
        }
        return known;
    }

    SegmentHeader knownHeader() {
        SegmentHeader known = header;
        if (known == null) {
            throw new IllegalStateException(name + " has no header");
        }
        return known;
    }

    SegmentScan knownScan() {
        SegmentScan known = scan;
        if (known == null) {
            throw new IllegalStateException(name + " was not scanned");
        }
        return known;
    }

    boolean isCurrent() {
        return current;
    }

    /** {@return whether it ends with a footer, so that it need not be scanned} */
    boolean isSealed() {
        return footer != null;
    }

    SegmentContents contents() {
        Footer sealed = footer;
        return sealed != null ? sealed.contents() : knownScan().contents();
    }

    long chainEnd() {
        Footer sealed = footer;
        return sealed != null ? sealed.start() : knownScan().chainEnd();
    }

    int chainCheck() {
        Footer sealed = footer;
        return sealed != null ? sealed.previousCheck() : knownScan().chainCheck();
    }

    boolean successorExpected() {
        Footer last = footer != null ? footer : scan != null ? scan.footer() : null;
        return last != null && last.successor();
    }

    Segment segment() {
        Segment segment = new Segment(knownHeader(), contents());
        segment.finish(chainEnd(), chainCheck());
        return segment;
    }
}
