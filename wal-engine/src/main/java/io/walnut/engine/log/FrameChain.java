package io.walnut.engine.log;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;

/** Gives frames the check that ties each to the one before it, and makes those that the log writes for itself. */
final class FrameChain {
    private final Frame.Checker checker = new Frame.Checker();
    private final AppendBuffer control = new AppendBuffer();

    /** Computes and sets the check of the frame at an index, which goes to an offset of a segment. */
    int check(byte[] frames, int frame, long salt, int offset, long sequence, int previous) {
        int length = Bytes.getInt(frames, frame);
        int check = checker.check(
                salt,
                offset,
                sequence,
                length,
                Bytes.getInt(frames, frame + Frame.KIND_AT),
                Bytes.getInt(frames, frame + 8),
                previous);
        Bytes.putLong(frames, frame, Frame.word(length, check));
        return check;
    }

    /** Draws a MARK frame at an index: everything before a place is durable. {@return its check} */
    int mark(byte[] frames, int at, long durable, long salt, int offset, long sequence, int previous) {
        MarkFrame.write(frames, at, Place.segment(durable), Place.offset(durable), previous, sequence);
        Bytes.putInt(frames, at, MarkFrame.LENGTH);
        Bytes.putInt(frames, at + Frame.KIND_AT, Frame.kind(FrameType.MARK, 0, 0));
        Bytes.putInt(frames, at + 8, Bytes.crc(frames, at + Frame.KIND_AT, MarkFrame.LENGTH - Frame.KIND_AT));
        return check(frames, at, salt, offset, sequence, previous);
    }

    /** {@return a buffer with an OPEN frame that goes to an offset of a segment, until the next call} */
    AppendBuffer open(OpenFrame open, int offset) {
        control.clear();
        int start = control.startFrame(Frame.kind(FrameType.OPEN, 0, 0), OpenFrame.LENGTH);
        open.write(control.bytes(), start);
        control.endFrame(start, start + OpenFrame.LENGTH, 0, 0);
        check(control.bytes(), start, open.salt(), offset, open.baseSequence(), open.previousCheck());
        return control;
    }

    /** {@return the check of the first frame in a buffer} */
    static int checkOf(AppendBuffer buffer) {
        return Bytes.getInt(buffer.bytes(), AppendBuffer.FRAMES_AT + 4);
    }
}
