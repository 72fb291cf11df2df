package io.walnut.tck.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Goes through everything that happened on a disk, one operation at a time. For one thread. */
public final class DiskHistory {
    /** What the states that the death of the process leaves are called, or begin with. */
    public static final String KILLED = "kill";

    private final DiskModel model;
    private final List<DiskCore.Logged> log;
    private int position;

    DiskHistory(DiskModel origin, List<DiskCore.Logged> log) {
        this.model = origin;
        this.log = log;
    }

    /** {@return how many operations have been gone through} */
    public int position() {
        return position;
    }

    /** {@return whether there was another operation, which now has happened} */
    public boolean advance() {
        if (position >= log.size()) {
            return false;
        }
        DiskCore.Logged next = log.get(position);
        next.change().apply(model, position);
        position++;
        return true;
    }

    /** {@return the last operation that has happened} */
    public Operation operation() {
        return log.get(position - 1).operation();
    }

    /**
     * What a power cut can leave now: every subset of the sectors, sizes and names that were not forced, if there are not
     * too many; else nothing, everything, prefixes, suffixes, single ones, pairs and random ones among them.
     *
     * @param seed for what is random
     * @param exhaustive how many are not too many
     * @param sampled how many if there are more
     * @return the states, without those whose content is the same
     */
    public List<CrashState> powerCuts(long seed, int exhaustive, int sampled) {
        return new PowerCuts(model, seed, exhaustive, sampled).states();
    }

    /** {@return what a power cut leaves now of what is named in {@link CrashState#id}} */
    public SimulatedDisk powerCut(String id, long seed) {
        return new PowerCuts(model, seed, 0, 0).state(id).disk();
    }

    /** {@return what the death of the process leaves now: everything that was written, forced or not} */
    public SimulatedDisk killed() {
        return SimulatedDisk.of(model.copy());
    }

    /** {@return what the death of the process leaves now, or within the next operation, as {@link CrashState#id} says} */
    public SimulatedDisk killed(String id) {
        return id.equals(KILLED)
                ? killed()
                : killedWithin().stream()
                        .filter(state -> state.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no state " + id + " here"))
                        .disk();
    }

    /**
     * {@return what the death of the process can leave within the next operation, if that writes to several sectors: a
     * kernel takes such a write piece by piece} Of many pieces there are the first, all but the last, and half of them.
     */
    public List<CrashState> killedWithin() {
        List<CrashState> states = new ArrayList<>();
        if (position < log.size() && log.get(position).change() instanceof Write write) {
            int sector = model.profile.sectorBytes();
            int first = write.inFirst(sector);
            int pieces = (write.length() - first + sector - 1) / sector;
            for (int piece : new TreeSet<>(List.of(0, pieces / 2, pieces - 1))) {
                if (piece >= 0 && piece < pieces) {
                    DiskModel image = model.copy();
                    write.beginning(first + piece * sector).apply(image, position);
                    states.add(new CrashState(KILLED + "+" + piece, image.fingerprint(), SimulatedDisk.of(image)));
                }
            }
        }
        return states;
    }

    /** {@return tells what {@link #killed} gives from other contents} */
    public long fingerprint() {
        return model.fingerprint();
    }
}
