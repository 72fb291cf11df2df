package io.walnut.tck.crash.toy;

import io.walnut.api.Position;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalRecord;
import io.walnut.spi.Storage;
import io.walnut.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads everything, cuts the tail, makes the rest durable. */
final class ToyRecovery {
    final List<ToyRecord> records = new ArrayList<>();
    final List<ToySegment> segments = new ArrayList<>();
    boolean clean = true;
    long nextSequence;
    long nextSegment;

    private final Storage storage;
    private final Flaw flaw;
    private long id;

    ToyRecovery(Storage storage, Flaw flaw) {
        this.storage = storage;
        this.flaw = flaw;
    }

    void run(ToyMark mark) throws IOException {
        id = ToyId.of(storage);
        mark.settle(storage);
        nextSequence = mark.lowSequence();
        nextSegment = mark.nextSegment();
        List<String> names = new ArrayList<>(storage.list());
        names.sort(null);
        for (String name : names) {
            long number = ToySegment.numberOf(name);
            if (name.endsWith(".new") || (number > 0 && number < mark.lowSegment())) {
                storage.delete(name);
            }
        }
        names.removeIf(name -> ToySegment.numberOf(name) < mark.lowSegment());
        for (int i = 0; i < names.size(); i++) {
            try (StorageFile file = storage.open(names.get(i))) {
                segment(file, ToySegment.numberOf(names.get(i)), i == names.size() - 1);
            }
        }
        if (nextSequence < mark.durableSequence() && !accepted()) {
            throw new WalCorruptException(
                    "sequence " + nextSequence + " was durable and is not there",
                    names.isEmpty() ? "MARK" : names.get(names.size() - 1),
                    new Position(nextSegment, 0));
        }
    }

    private void segment(StorageFile file, long number, boolean newest) throws IOException {
        ByteBuffer all = read(file);
        ByteBuffer head = all.duplicate();
        boolean valid = all.limit() >= ToySegment.HEAD
                && head.getLong(0) == ToySegment.MAGIC
                && head.getLong(8) == number
                && head.getLong(24) == headCheck(head, id);
        if (!valid || head.getLong(16) != nextSequence) {
            if (flaw == Flaw.TAKES_DAMAGE_FOR_THE_END || flaw == Flaw.CONTINUES_AFTER_DAMAGE) {
                return;
            }
            throw new WalCorruptException(
                    file.name() + " does not go on with sequence " + nextSequence,
                    file.name(),
                    new Position(number, 0));
        }
        ToySegment segment = new ToySegment(number, nextSequence);
        segments.add(segment);
        nextSegment = Math.max(nextSegment, number + 1);
        boolean closed = frames(all, segment);
        clean &= closed || !newest;
        if (newest) {
            settle(file, segment, all);
        } else if (segment.end != all.limit() && !accepted()) {
            throw new WalCorruptException(file.name() + " is damaged", file.name(), new Position(number, segment.end));
        }
    }

    private boolean accepted() {
        return flaw == Flaw.TAKES_DAMAGE_FOR_THE_END
                || flaw == Flaw.CONTINUES_AFTER_DAMAGE
                || flaw == Flaw.APPENDS_BEHIND_A_TORN_TAIL
                || flaw == Flaw.TAKES_READ_ERRORS_FOR_THE_END
                || flaw == Flaw.APPENDS_IN_PLACE_WITHOUT_LINKS;
    }

    private void settle(StorageFile file, ToySegment segment, ByteBuffer all) throws IOException {
        if (flaw == Flaw.RECOVERS_WITHOUT_FORCE) {
            return;
        }
        if (flaw != Flaw.APPENDS_BEHIND_A_TORN_TAIL && flaw != Flaw.APPENDS_IN_PLACE_WITHOUT_LINKS) {
            file.truncate(segment.end);
        }
        file.write(all.duplicate().limit((int) segment.end).position(0), 0);
        file.force();
        storage.forceDirectory();
        if (flaw == Flaw.APPENDS_BEHIND_A_TORN_TAIL) {
            segment.end = all.limit();
        }
    }

    /** {@return whether the last frame says that the log was closed} */
    private boolean frames(ByteBuffer all, ToySegment segment) {
        int at = ToySegment.HEAD;
        int check = 0;
        long sequence = nextSequence;
        boolean closed = false;
        List<ToyRecord> batch = new ArrayList<>();
        while (all.limit() - at >= ToyFrame.HEAD) {
            int length = all.getInt(at);
            boolean bounded = flaw == Flaw.BELIEVES_LENGTHS
                    || (length >= ToyFrame.HEAD + ToyFrame.BODY && length <= all.limit() - at);
            if (length == 0 || !bounded) {
                break;
            }
            byte[] copy = new byte[length];
            all.get(at, copy);
            ByteBuffer frame = ByteBuffer.wrap(copy);
            int found = frame.getInt(4);
            if (ToyFrame.check(flaw, segment.number, at, sequence, check, frame) != found) {
                if (flaw != Flaw.CONTINUES_AFTER_DAMAGE) {
                    break;
                }
                at += length;
                check = found;
                sequence++;
                continue;
            }
            check = found;
            closed = frame.get(ToyFrame.HEAD) == ToyFrame.CLOSED;
            if (closed) {
                segment.end = at + length;
                segment.lastCheck = check;
                at += length;
                continue;
            }
            boolean last = frame.get(ToyFrame.HEAD + 1) == 1;
            batch.add(new ToyRecord(
                    new Position(segment.number, at),
                    new Position(segment.number, at + length),
                    sequence++,
                    last,
                    record(frame, copy)));
            at += length;
            if (last || flaw == Flaw.BATCHES_WITHOUT_AN_END) {
                records.addAll(batch);
                batch.clear();
                nextSequence = sequence;
                segment.end = at;
                segment.lastCheck = check;
            }
        }
        return closed && segment.end == all.limit();
    }

    private static WalRecord record(ByteBuffer frame, byte[] bytes) {
        int keyLength = frame.getShort(ToyFrame.HEAD + 2);
        int keyAt = ToyFrame.HEAD + ToyFrame.BODY;
        byte[] key = Arrays.copyOfRange(bytes, keyAt, keyAt + keyLength);
        return frame.get(ToyFrame.HEAD) == ToyFrame.DELETE
                ? WalRecord.delete(key)
                : WalRecord.put(key, Arrays.copyOfRange(bytes, keyAt + keyLength, bytes.length));
    }

    private ByteBuffer read(StorageFile file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        try {
            while (all.hasRemaining() && file.read(all, all.position()) > 0) {}
        } catch (IOException e) {
            if (flaw != Flaw.TAKES_READ_ERRORS_FOR_THE_END) {
                throw e;
            }
        }
        return all.flip();
    }

    long id() {
        return id;
    }

    static long headCheck(ByteBuffer head, long id) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putLong(id).flip());
        crc.update(head.duplicate().position(0).limit(24));
        return crc.getValue();
    }
}
