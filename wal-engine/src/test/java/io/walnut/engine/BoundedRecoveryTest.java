package io.walnut.engine;

import static io.walnut.engine.Logs.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SegmentContents;
import io.walnut.engine.format.SegmentHeader;
import io.walnut.engine.recovery.Salvage;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.ForwardingStorage;
import io.walnut.spi.ForwardingStorageFile;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.Salvager;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The work of opening and salvaging grows with the size of the files, not with what their bytes claim. */
class BoundedRecoveryTest {
    private static final String SEGMENT = "0000000001.wal";
    private static final int RECORDS = 10;
    private static final int TAIL = 1 << 20;

    private final MemoryStorage memory = new MemoryStorage("memory");
    private final AtomicLong bytesRead = new AtomicLong();

    /** The shapes of words that fill a torn tail. */
    enum Claim {
        FOOTER_TO_THE_END(FrameType.FOOTER) {
            @Override
            int length(int at) {
                return Footer.length((TAIL - at) / 32 - 4);
            }
        },
        SHORT_FOOTER(FrameType.FOOTER) {
            @Override
            int length(int at) {
                return Footer.length(4);
            }
        },
        MARK(FrameType.MARK) {
            @Override
            int length(int at) {
                return MarkFrame.LENGTH;
            }
        },
        OPEN(FrameType.OPEN) {
            @Override
            int length(int at) {
                return OpenFrame.LENGTH;
            }
        },
        RECORD_TO_THE_END(FrameType.PUT) {
            @Override
            int length(int at) {
                return TAIL - at;
            }
        },
        ENDLESS_RECORD(FrameType.PUT) {
            @Override
            int length(int at) {
                return Integer.MAX_VALUE;
            }
        };

        private final int type;

        Claim(int type) {
            this.type = type;
        }

        abstract int length(int at);

        byte[] tail() {
            byte[] tail = new byte[TAIL];
            for (int at = 0; at + 256 < TAIL; at += Frame.HEAD) {
                Bytes.putInt(tail, at, length(at));
                Bytes.putInt(tail, at + 4, at | 1);
                Bytes.putInt(tail, at + Frame.KIND_AT, Frame.kind(type, 0, 0));
            }
            return tail;
        }
    }

    private final class Counted extends ForwardingStorage {
        Counted() {
            super(memory);
        }

        @Override
        public StorageFile create(String name) throws IOException {
            return new CountedFile(super.create(name));
        }

        @Override
        public StorageFile open(String name) throws IOException {
            return new CountedFile(super.open(name));
        }

        @Override
        public StorageFile openReadOnly(String name) throws IOException {
            return new CountedFile(super.openReadOnly(name));
        }

        @Override
        public Storage directory(String name) throws IOException {
            return memory.directory(name);
        }
    }

    private final class CountedFile extends ForwardingStorageFile {
        CountedFile(StorageFile delegate) {
            super(delegate);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int read = super.read(target, position);
            bytesRead.addAndGet(Math.max(0, read));
            return read;
        }
    }

    private Wal open(Storage storage) {
        return Engine.builder(Path.of("memory"))
                .fsync((pending, append) -> FsyncStrategy.NOT_BY_ITSELF)
                .set("wal.segment.bytes", "4MiB")
                .storage(storage)
                .open();
    }

    /** Writes a closed log, and returns where the footer of its only segment starts. */
    private int write(int records, boolean marks) throws IOException {
        try (Wal wal = open(memory)) {
            for (int i = 0; i < records; i++) {
                wal.append(put("key " + i, "value"));
                if (marks) {
                    wal.sync();
                }
            }
        }
        byte[] content = content();
        return (int) Bytes.getLong(content, content.length - 16);
    }

    private byte[] content() throws IOException {
        try (StorageFile file = memory.openReadOnly(SEGMENT)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) > 0) {}
            return all.array();
        }
    }

    private void replace(int from, byte[] bytes) throws IOException {
        try (StorageFile file = memory.open(SEGMENT)) {
            file.truncate(from);
            file.write(ByteBuffer.wrap(bytes), from);
        }
    }

    private static long salt(byte[] content) throws IOException {
        try {
            return SegmentHeader.read(ByteBuffer.wrap(content, 0, SegmentHeader.BYTES)
                            .slice()
                            .order(ByteOrder.LITTLE_ENDIAN))
                    .salt();
        } catch (SegmentHeader.InvalidHeaderException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTornTailIsReadAFewTimesWhateverItClaims(Claim claim) throws IOException {
        replace(write(RECORDS, false), claim.tail());
        long size = content().length;
        try (Wal wal = open(new Counted())) {
            assertTrue(bytesRead.get() < 4 * size, claim + ": " + bytesRead + " bytes of " + size);
            assertEquals(RECORDS, Logs.entries(wal).size());
            assertTrue(wal.recovery().truncation().orElseThrow().bytes() > TAIL - 512);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRealFooterAmongClaimsStillWitnesses(Claim claim) throws IOException {
        int end = write(RECORDS, false);
        byte[] tail = claim.tail();
        int at = TAIL / 2;
        byte[] footer = Footer.bytes(salt(content()), end + at, 0, 1, new SegmentContents(RECORDS + 5));
        System.arraycopy(footer, 0, tail, at, footer.length);
        replace(end, tail);
        long size = content().length;
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> open(new Counted()));
        assertTrue(refused.getMessage().contains("what was durable up to 1:" + (end + at)), refused.getMessage());
        assertTrue(bytesRead.get() < 4 * size, claim + ": " + bytesRead + " bytes of " + size);
    }

    @ParameterizedTest
    @EnumSource
    void aRealMarkAmongClaimsStillWitnesses(Claim claim) throws IOException {
        int end = write(RECORDS, false);
        byte[] tail = claim.tail();
        int at = TAIL - 2048;
        byte[] mark = mark(salt(content()), end + at, end + at - 64);
        System.arraycopy(mark, 0, tail, at, mark.length);
        replace(end, tail);
        WalCorruptException refused = assertThrows(WalCorruptException.class, () -> open(new Counted()));
        assertTrue(refused.getMessage().contains("what was durable up to 1:" + (end + at - 64)), refused.getMessage());
    }

    private static byte[] mark(long salt, int at, int durable) {
        byte[] mark = new byte[MarkFrame.LENGTH];
        int kind = Frame.kind(FrameType.MARK, 0, 0);
        MarkFrame.write(mark, 0, 1, durable, 7, RECORDS + 5);
        Bytes.putInt(mark, Frame.KIND_AT, kind);
        int bodyCrc = Bytes.crc(mark, Frame.KIND_AT, mark.length - Frame.KIND_AT);
        Bytes.putInt(mark, 8, bodyCrc);
        int check = new Frame.Checker().check(salt, at, RECORDS + 5, mark.length, kind, bodyCrc, 7);
        Bytes.putLong(mark, 0, Frame.word(mark.length, check));
        return mark;
    }

    /** Each second record is damaged, and at the MARK before the next one frames verify again. */
    @Test
    void aSalvageReadsTheFileAFewTimesHoweverManyGapsThereAre() throws IOException {
        int records = 4000;
        write(records, true);
        byte[] content = content();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        for (int i = 1; i < records; i += 2) {
            content[text.indexOf("key " + i + "value")] ^= 1;
        }
        replace(0, content);
        try (Wal target = open(new MemoryStorage("target"))) {
            Codecs codecs = Codecs.none();
            Salvager.Report report = Salvage.run(new Counted(), codecs, 1 << 20, target);
            assertTrue(bytesRead.get() < 4L * content.length, bytesRead + " bytes of " + content.length);
            assertEquals(
                    IntStream.range(0, records / 2)
                            .mapToObj(i -> "key " + 2 * i)
                            .toList(),
                    Logs.keys(target));
            assertEquals(records / 2, report.damage().size());
        }
    }
}
