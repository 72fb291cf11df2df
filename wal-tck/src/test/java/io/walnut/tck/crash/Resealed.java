package io.walnut.tck.crash;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.LogState;
import io.walnut.engine.format.SegmentHeader;

/** What somebody does who changes a file and computes its checks anew: a CRC keeps nobody out. */
final class Resealed {
    private static final int STATE_BYTES = 128;

    private Resealed() {}

    static byte[] file(String name, byte[] content) {
        return name.endsWith(".wal") ? segment(content) : name.equals("STATE") ? state(content) : content;
    }

    private static byte[] state(byte[] content) {
        byte[] file = content.clone();
        for (int slot = 0; slot + STATE_BYTES <= file.length; slot += LogState.SLOT) {
            Bytes.putInt(file, slot + STATE_BYTES - 4, Bytes.crc(file, slot, STATE_BYTES - 4));
        }
        return file;
    }

    static byte[] segment(byte[] content) {
        byte[] file = content.clone();
        if (file.length < SegmentHeader.BYTES) {
            return file;
        }
        Bytes.putInt(file, SegmentHeader.BYTES - 4, Bytes.crc(file, 0, SegmentHeader.BYTES - 4));
        frames(file, Bytes.getLong(file, 40));
        return file;
    }

    private static void frames(byte[] file, long salt) {
        Frame.Checker checker = new Frame.Checker();
        long sequence = 0;
        int previous = 0;
        int at = SegmentHeader.BYTES;
        while (at + Frame.HEAD <= file.length) {
            int length = Bytes.getInt(file, at);
            if (length < Frame.HEAD || length > file.length - at) {
                return;
            }
            int kind = Bytes.getInt(file, at + Frame.KIND_AT);
            int type = kind & 0xFF;
            if (type == FrameType.OPEN && length >= Frame.HEAD + 40) {
                sequence = Bytes.getLong(file, at + Frame.HEAD);
                previous = Bytes.getInt(file, at + Frame.HEAD + 32);
            }
            long own = sequence;
            if (type == FrameType.FOOTER && length >= 40) {
                Bytes.putInt(file, at + 20, previous);
                own = Bytes.getLong(file, at + 24) + Bytes.getLong(file, at + 32);
            }
            int bodyCrc = Bytes.crc(file, at + Frame.KIND_AT, length - Frame.KIND_AT);
            Bytes.putInt(file, at + 8, bodyCrc);
            previous = checker.check(salt, at, own, length, kind, bodyCrc, previous);
            Bytes.putInt(file, at + 4, previous);
            sequence += FrameType.isRecord(type) ? 1 : 0;
            at += Bytes.align(length);
        }
    }
}
