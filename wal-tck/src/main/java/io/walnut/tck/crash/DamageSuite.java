package io.walnut.tck.crash;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalException;
import io.walnut.api.WalReader;
import io.walnut.tck.disk.DiskHistory;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Damages the files of a small log in one place after the other: bits, sectors, lengths, whole files. What is read then
 * is all of the data, or a located {@link WalCorruptException}; of a log that was not closed, where nothing shows what
 * had been durable, also a part from its beginning. Where the damage is refused, it can be left behind, whatever happens
 * while that is done. Salvaging the damaged log copies every record whose own bytes are intact. For one thread.
 */
public final class DamageSuite {
    private static final int SECTOR = 512;
    private static final int CRASHES_EVERY = 64;
    private static final int CUTS = 2;
    private static final byte[] MORE = "more".getBytes(StandardCharsets.US_ASCII);

    private final CrashSubject subject;
    private final DiskProfile profile;
    private final Workload workload;
    private final long seed;
    private final int every;
    private final Tally tally;
    private final List<Item> history = new ArrayList<>();
    private int lowest;
    private int least;
    private int checks;
    private int refused;
    private int only = -1;
    private @Nullable Salvaged salvaged;

    /**
     * A suite for one workload.
     *
     * @param subject what is tested
     * @param workload what is done before the damage; closes the log, or does not
     * @param seed for what is random
     * @param every damages one in so many places, 1 for all
     * @param tally counts
     */
    public DamageSuite(CrashSubject subject, Workload workload, long seed, int every, Tally tally) {
        this.subject = subject;
        this.profile = subject.maps() ? DiskProfile.STRICT.mapping() : DiskProfile.STRICT;
        this.workload = workload;
        this.seed = seed;
        this.every = every;
        this.tally = tally;
    }

    /**
     * Does it.
     *
     * @throws CrashViolation for the first rule that is broken
     */
    public void run() {
        tally.workload(subject.name() + " on " + profile);
        Map<String, byte[]> files = files(seed);
        Map<String, byte[]> others = files(seed + 1);
        files.keySet().removeIf(name -> name.contains("/"));
        salvaged = new Salvaged(subject, profile, files, history.subList(lowest, history.size()));
        check("no damage", files, true);
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
            bits(each.getKey(), each.getValue(), files);
            lengths(each.getKey(), each.getValue(), files);
            sectors(each.getKey(), each.getValue(), files);
            files(each.getKey(), each.getValue(), files, others);
        }
        Map<String, byte[]> more = new TreeMap<>(files);
        more.put("hello.txt", new byte[10]);
        more.put("0000000001.wal.bak", new byte[10]);
        more.put("00000000x1.wal", new byte[10]);
        check("files of others", more, true);
    }

    /**
     * Repeats one check.
     *
     * @param number which
     */
    public void replay(int number) {
        only = number;
        run();
    }

    private Map<String, byte[]> files(long itsSeed) {
        SimulatedDisk disk = new SimulatedDisk(profile);
        Life life = new Life(subject, disk, new Ledger(), itsSeed, true);
        life.run(workload);
        boolean closed = life.wal() == null;
        if (itsSeed == seed) {
            Ledger ledger = life.ledger();
            history.addAll(ledger.history);
            lowest = ledger.lowest();
            Ledger.Bounds bounds = ledger.bounds(disk.operations(), true);
            least = closed ? history.size() : subject.witnessesWhatIsDurable() ? bounds.least() : 0;
        }
        return new TreeMap<>(disk.files());
    }

    private void bits(String name, byte[] content, Map<String, byte[]> files) {
        Random random = new Random(seed);
        for (long bit = random.nextInt(every); bit < 8L * content.length; bit += 1 + random.nextInt(2 * every - 1)) {
            byte[] damaged = content.clone();
            damaged[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
            int at = (int) (bit / 8);
            damaged("bit " + bit + " of " + name + " flipped", with(files, name, damaged), name, at, at + 1);
        }
    }

    private void lengths(String name, byte[] content, Map<String, byte[]> files) {
        Random random = new Random(seed);
        for (int length = 0; length < content.length; length += 1 + random.nextInt(2 * every - 1)) {
            damaged(
                    name + " cut to " + length,
                    with(files, name, Arrays.copyOf(content, length)),
                    name,
                    length,
                    content.length);
        }
        byte[] longer = Arrays.copyOf(content, content.length + SECTOR);
        check(name + " longer by zeros", with(files, name, longer), false);
        random.nextBytes(longer);
        System.arraycopy(content, 0, longer, 0, content.length);
        check(name + " longer by garbage", with(files, name, longer), false);
    }

    private void sectors(String name, byte[] content, Map<String, byte[]> files) {
        Random random = new Random(seed);
        for (int at = 0; at < content.length; at += SECTOR) {
            int end = Math.min(content.length, at + SECTOR);
            byte[] zeroed = content.clone();
            Arrays.fill(zeroed, at, end, (byte) 0);
            damaged("sector at " + at + " of " + name + " zeroed", with(files, name, zeroed), name, at, end);
            byte[] garbage = new byte[end - at];
            random.nextBytes(garbage);
            byte[] overwritten = content.clone();
            System.arraycopy(garbage, 0, overwritten, at, garbage.length);
            damaged("sector at " + at + " of " + name + " garbage", with(files, name, overwritten), name, at, end);
            int other = random.nextInt(content.length / SECTOR + 1) * SECTOR;
            int length = Math.min(end - at, content.length - other);
            byte[] swapped = content.clone();
            System.arraycopy(content, other, swapped, at, length);
            System.arraycopy(content, at, swapped, other, length);
            check("sectors at " + at + " and " + other + " of " + name + " swapped", with(files, name, swapped), false);
        }
    }

    private void files(String name, byte[] content, Map<String, byte[]> files, Map<String, byte[]> others) {
        Map<String, byte[]> without = new TreeMap<>(files);
        without.remove(name);
        check(name + " missing", without, false);
        byte[] foreign = others.get(name);
        if (foreign != null) {
            check(name + " of another log", with(files, name, foreign), false);
        }
        for (Map.Entry<String, byte[]> other : files.entrySet()) {
            if (other.getKey().compareTo(name) > 0) {
                Map<String, byte[]> swapped = with(files, name, other.getValue());
                swapped.put(other.getKey(), content);
                check(name + " and " + other.getKey() + " swapped", swapped, false);
            }
        }
    }

    private static Map<String, byte[]> with(Map<String, byte[]> files, String name, byte[] content) {
        Map<String, byte[]> changed = new TreeMap<>(files);
        changed.put(name, content);
        return changed;
    }

    /** Damage between two offsets of a file: what lies elsewhere can be salvaged. */
    private void damaged(String what, Map<String, byte[]> files, String name, int from, int to) {
        String token = CrashReplay.token(subject, workload, seed, every, checks);
        if (!check(what, files, false) || !subject.salvages()) {
            return;
        }
        try {
            Objects.requireNonNull(salvaged).check(SimulatedDisk.holding(profile, files), name, from, to);
        } catch (CrashViolation e) {
            throw e.at(context(what + ", and salvaged"), token);
        } catch (IOException | RuntimeException | Error e) {
            throw new CrashViolation(Rule.SALVAGED, "salvaging ends in " + e, e).at(context(what), token);
        }
    }

    /** Returns whether it was this one's turn. */
    private boolean check(String what, Map<String, byte[]> files, boolean exact) {
        int number = checks++;
        if (only >= 0 && only != number || tally.isOver() && tally.damages() > 0) {
            return false;
        }
        tally.damage();
        tally.opened();
        String token = CrashReplay.token(subject, workload, seed, every, number);
        try {
            read(SimulatedDisk.holding(profile, files), exact);
        } catch (CrashViolation e) {
            throw e.at(context(what), token);
        } catch (WalCorruptException e) {
            if (exact || e.file().isEmpty()) {
                throw new CrashViolation(Rule.INTEGRITY, "not expected, or not located: " + e, e)
                        .at(context(what), token);
            }
            leaveBehind(what, files, token);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            throw new CrashViolation(Rule.INTEGRITY, "damage ends in " + e, e).at(context(what), token);
        }
        return true;
    }

    private void leaveBehind(String what, Map<String, byte[]> files, String token) {
        if (!subject.leavesDamage()) {
            return;
        }
        refused++;
        boolean crashes = only >= 0 || refused % CRASHES_EVERY == 0;
        try {
            leaveBehind(SimulatedDisk.holding(profile, files), crashes);
        } catch (CrashViolation e) {
            throw e.at(context(what + ", and left behind"), token);
        } catch (IOException | RuntimeException | Error e) {
            throw new CrashViolation(Rule.INTEGRITY, "leaving damage behind ends in " + e, e).at(context(what), token);
        }
    }

    private void leaveBehind(SimulatedDisk disk, boolean crashes) throws IOException {
        tally.opened();
        List<Found> kept;
        int opened;
        try {
            Wal wal = subject.openLeavingDamage(disk);
            try {
                disk.observe();
                opened = disk.operations();
                Recovered found = Recovered.read(wal);
                kept = found.records();
                tellsOfLoss(found);
                wal.append(MORE, MORE);
            } finally {
                close(wal);
            }
        } catch (WalCorruptException e) {
            return; // nothing before it is valid
        } catch (CrashViolation e) {
            if (e.getCause() instanceof WalCorruptException) {
                return; // where only a reader meets it
            }
            throw e;
        }
        isFromTheBeginning(kept);
        List<Found> more = Recovered.of(subject, disk.afterPowerCut(), tally).records();
        if (more.size() != kept.size() + 1 || !Found.same(kept, more.subList(0, kept.size()))) {
            throw new CrashViolation(Rule.IDEMPOTENT, "kept " + kept + ", appended one, and now there are " + more);
        }
        if (crashes) {
            crashWhileItIsLeftBehind(disk.history(), opened, kept);
        }
    }

    private void tellsOfLoss(Recovered found) {
        boolean less = lowest + found.records().size() < least;
        if (less
                && found.report().truncation().isEmpty()
                && found.report().notes().isEmpty()) {
            throw new CrashViolation(Rule.REPORT, "only " + found + ", and nothing says so");
        }
    }

    private void crashWhileItIsLeftBehind(DiskHistory history, int opened, List<Found> kept) throws IOException {
        while (history.position() < opened && history.advance()) {
            if (!history.operation().kind().changes()) {
                continue;
            }
            List<SimulatedDisk> states = new ArrayList<>(List.of(history.killed()));
            history.powerCuts(seed + history.position(), 0, CUTS).forEach(cut -> states.add(cut.disk()));
            for (SimulatedDisk state : states) {
                tally.crashInRecovery();
                tally.opened();
                try {
                    keeps(kept, subject.open(state.afterKill()));
                } catch (WalCorruptException e) {
                    // refused, as it was before
                }
                tally.opened();
                keeps(kept, subject.openLeavingDamage(state));
            }
        }
    }

    private static void keeps(List<Found> kept, Wal wal) {
        try {
            List<Found> found = Recovered.read(wal).records();
            if (!Found.same(kept, found)) {
                throw new CrashViolation(
                        Rule.IDEMPOTENT, "kept " + kept + "; after a crash in the middle of that there are " + found);
            }
        } finally {
            close(wal);
        }
    }

    private void isFromTheBeginning(List<Found> records) {
        int next = lowest;
        for (Found found : records) {
            Item expected = next < history.size() ? history.get(next) : null;
            if (expected == null || !expected.is(found) || found.sequence() != next + 1) {
                throw new CrashViolation(Rule.INTEGRITY, "found " + found + ", expected " + expected);
            }
            next++;
        }
    }

    private String context(String what) {
        return subject.name() + ", workload " + workload + ", seed " + seed + ": " + what;
    }

    private void read(SimulatedDisk disk, boolean exact) throws IOException {
        Wal wal = subject.open(disk);
        try (WalReader reader = wal.read(Position.START)) {
            List<Found> records = new ArrayList<>();
            while (reader.next() && records.size() <= history.size()) {
                records.add(Found.by(reader));
            }
            isFromTheBeginning(records);
            int found = lowest + records.size();
            if (found < (exact ? history.size() : least)) {
                throw new CrashViolation(
                        Rule.INTEGRITY, "only " + found + " of " + history.size() + " records, and nothing says so");
            }
        } finally {
            close(wal);
        }
    }

    private static void close(Wal wal) {
        try {
            wal.close();
        } catch (WalException e) {
            if (!(e instanceof WalCorruptException)) {
                throw e;
            }
        }
    }
}
