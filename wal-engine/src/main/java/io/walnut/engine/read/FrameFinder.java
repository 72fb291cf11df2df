package io.walnut.engine.read;

import io.walnut.engine.format.Bytes;
import io.walnut.engine.format.CheckSolver;
import io.walnut.engine.format.Footer;
import io.walnut.engine.format.Frame;
import io.walnut.engine.format.FrameType;
import io.walnut.engine.format.MarkFrame;
import io.walnut.engine.format.OpenFrame;
import io.walnut.engine.format.SparseIndex;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the first intact frame behind damage.
 *
 * <p>The check of a frame needs the sequence and the check of the frame before, which are unknown behind a damaged head.
 * OPEN, MARK and FOOTER frames hold both, and so do the entries of a footer's index. For a record it is the frame after it
 * that shows them: its check holds for the check of the record, and for one sequence alone, which {@link CheckSolver} finds
 * and which has to be near. The last record has no frame after it; it is found by the damaged frame, of which the stored
 * check, or else everything but the stored check, is often intact.
 *
 * <p>A checksum of the body alone would not do: a value may contain the frames of another log, or copies of this one's,
 * and only the check binds a frame to its segment and to its place. So the search never reads a body, and its work is
 * bounded by the bytes that it passes. For one thread at a time.
 */
public final class FrameFinder {
    private static final int WINDOW = 256 << 10;
    private static final int LEAST_RECORD = Frame.HEAD + 8;

    /** Up to so many possible sequences a chance match is as unlikely as that of a body's checksum and a bit more. */
    private static final long FEW = 1 << 10;

    private final Frame.Checker checker = new Frame.Checker();
    private final CheckSolver solver = new CheckSolver();
    private final Head one = new Head();
    private final Head other = new Head();
    private final Head third = new Head();
    private final ByteBuffer apart = Bytes.allocate(OpenFrame.LENGTH + 32);
    private ByteBuffer window = Bytes.allocate(0);
    private long windowStart;

    /** The first bytes of what may be a frame. */
    private static final class Head {
        long offset;
        long end;
        int length;
        int check;
        int kind;
        int bodyCrc;
        boolean empty;
        boolean names;
        int namedPrevious;
        long namedSequence;

        int type() {
            return kind & 0xFF;
        }

        long sequenceAfter(long own) {
            return FrameType.isRecord(type()) ? own + 1 : own;
        }
    }

    /** Creates a finder. */
    public FrameFinder() {}

    /**
     * Moves a cursor from damage to the next frame that verifies.
     *
     * @param frames stands at the damage: its last step was neither FRAME nor END
     * @param end what lies at or beyond it is not looked at
     * @param index known places of records in the segment; may be empty
     * @return false if there is none, and the cursor did not move
     */
    public boolean pass(FrameCursor frames, long end, SparseIndex index) throws IOException {
        if (frames.skipBody()) {
            return true;
        }
        long limit = Math.min(end, frames.file().size());
        windowStart = frames.offset();
        window.limit(0);
        long damage = frames.offset();
        long sequence = frames.nextSequence();
        boolean readable = load(frames, damage, limit, one);
        int stored = one.check;
        int computed = readable ? computed(frames, one) : stored;
        for (long at = damage + Long.BYTES; at < limit; at += Long.BYTES) {
            if (!load(frames, at, limit, one)) {
                continue;
            }
            long most = sequence + (at - damage) / LEAST_RECORD + 1;
            if (one.names) {
                if (holds(frames, one, one.namedSequence, one.namedPrevious)
                        && one.namedSequence >= sequence
                        && one.namedSequence <= most) {
                    frames.skip(at, one.namedSequence, one.namedPrevious);
                    return true;
                }
                continue;
            }
            int entry = index.floor(at);
            if (entry >= 0
                    && index.offset(entry) == at
                    && holds(frames, one, index.sequence(entry), index.previousCheck(entry))) {
                frames.skip(at, index.sequence(entry), index.previousCheck(entry));
                return true;
            }
            if (followsDirectly(frames, at, sequence, stored) || followsDirectly(frames, at, sequence, computed)) {
                return true;
            }
            if (load(frames, one.end, limit, other) && confirms(frames, sequence, most, limit)) {
                return true;
            }
        }
        return false;
    }

    /** {@return what the check of the damaged frame should be, if that is all that is damaged} */
    private int computed(FrameCursor frames, Head damaged) {
        boolean open = damaged.type() == FrameType.OPEN;
        return checker.check(
                frames.salt(),
                damaged.offset,
                open ? damaged.namedSequence : frames.nextSequence(),
                damaged.length,
                damaged.kind,
                damaged.bodyCrc,
                open ? damaged.namedPrevious : frames.check());
    }

    /** The damaged frame was a record, or it was not. */
    private boolean followsDirectly(FrameCursor frames, long at, long sequence, int previous) {
        for (long own = sequence; own <= sequence + 1; own++) {
            if (holds(frames, one, own, previous)) {
                frames.skip(at, own, previous);
                return true;
            }
        }
        return false;
    }

    /** Asks the frame after the found one for its sequence. */
    private boolean confirms(FrameCursor frames, long least, long most, long limit) throws IOException {
        long next;
        if (other.names) {
            next = other.namedSequence;
            if (other.namedPrevious != one.check || !holds(frames, other, next, one.check)) {
                return false;
            }
        } else {
            next = solver.sequence(
                    frames.salt(),
                    other.offset,
                    least,
                    other.length,
                    other.kind,
                    other.bodyCrc,
                    one.check,
                    other.check);
        }
        long own = FrameType.isRecord(one.type()) ? next - 1 : next;
        if (own < least || own > most) {
            return false;
        }
        if (!other.names && most - least > FEW) {
            boolean follows = load(frames, other.end, limit, third);
            if (follows ? !holds(frames, third, other.sequenceAfter(next), other.check) : !third.empty) {
                return false;
            }
        }
        frames.skip(
                one.offset,
                own,
                solver.previous(frames.salt(), one.offset, own, one.length, one.kind, one.bodyCrc, one.check));
        return true;
    }

    private boolean holds(FrameCursor frames, Head head, long sequence, int previous) {
        return head.check
                == checker.check(frames.salt(), head.offset, sequence, head.length, head.kind, head.bodyCrc, previous);
    }

    /** Reads what may be the head of a frame; false if no frame begins like this, or it would not end before the limit. */
    private boolean load(FrameCursor frames, long at, long limit, Head head) throws IOException {
        head.check = 0;
        head.empty = true;
        if (limit - at < Frame.HEAD) {
            return false;
        }
        ByteBuffer bytes = window;
        int from = (int) (at - windowStart);
        boolean next = head == one; // only that moves on, by small steps
        int wanted = (int) Math.min(apart.capacity(), limit - at);
        if (at < windowStart || at - windowStart + wanted > window.limit()) {
            bytes = next ? window(frames, at, limit) : apart;
            from = 0;
            if (!next && !fill(frames, apart.clear().limit(wanted), at)) {
                return false;
            }
        }
        int room = bytes.limit() - from;
        if (room < Frame.HEAD || bytes.getLong(from) == 0) {
            return false;
        }
        head.empty = false;
        head.offset = at;
        head.length = bytes.getInt(from);
        head.check = bytes.getInt(from + 4);
        head.bodyCrc = bytes.getInt(from + 8);
        head.kind = bytes.getInt(from + Frame.KIND_AT);
        head.end = at + Bytes.align(head.length & 0xFFFF_FFFFL);
        head.names = false;
        if (head.length < Frame.HEAD || head.end > limit || head.kind >>> 24 != 0) {
            return false;
        }
        switch (head.type()) {
            case FrameType.PUT, FrameType.DELETE, FrameType.CHUNK:
                return head.length >= LEAST_RECORD && (head.kind >>> 8 & 0xFF & ~Frame.KNOWN_FLAGS) == 0;
            case FrameType.OPEN:
                return head.length == OpenFrame.LENGTH && named(bytes, from, head, 16, 0, 48);
            case FrameType.MARK:
                return head.length == MarkFrame.LENGTH && named(bytes, from, head, 32, 0, 28);
            case FrameType.FOOTER:
                return head.length >= Footer.length(0) && named(bytes, from, head, 24, 32, 20);
            default:
                return false;
        }
    }

    private static boolean named(ByteBuffer bytes, int from, Head head, int sequenceAt, int recordsAt, int previousAt) {
        if (bytes.limit() - from < OpenFrame.LENGTH && bytes.limit() - from < head.length) {
            return false;
        }
        head.names = true;
        head.namedSequence = bytes.getLong(from + sequenceAt) + (recordsAt == 0 ? 0 : bytes.getLong(from + recordsAt));
        head.namedPrevious = bytes.getInt(from + previousAt);
        return true;
    }

    private ByteBuffer window(FrameCursor frames, long at, long limit) throws IOException {
        if (window.capacity() == 0) {
            window = Bytes.allocate(WINDOW);
        }
        windowStart = at;
        window.clear().limit((int) Math.min(WINDOW, limit - at));
        if (!fill(frames, window, at)) {
            window.limit(window.position());
        }
        return window;
    }

    private static boolean fill(FrameCursor frames, ByteBuffer target, long at) throws IOException {
        while (target.hasRemaining()) {
            if (frames.file().read(target, at + target.position()) <= 0) {
                return false;
            }
        }
        return true;
    }
}
