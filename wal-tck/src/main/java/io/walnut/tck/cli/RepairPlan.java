package io.walnut.tck.cli;

import io.walnut.api.Damage;
import io.walnut.api.Position;
import io.walnut.api.ReadOptions;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalCorruptException;
import io.walnut.api.WalReader;
import io.walnut.spi.Salvager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a log that repairing it keeps and drops. It keeps everything before the first damage, whether that is refused when
 * the log is opened, or only met by readers.
 *
 * @param firstSequence the sequence of the first record that is kept, 0 if none is
 * @param lastSequence the sequence of the last record that is kept, 0 if none is
 * @param kept how many records are kept
 * @param last where the last record is that is kept
 * @param inside whether a reader meets damage that opening does not find
 * @param refusal why opening is refused
 * @param torn whether opening cuts off the remains of an append that was never completed
 * @param survey what is intact, before the damage and behind it
 */
record RepairPlan(
        long firstSequence,
        long lastSequence,
        long kept,
        Optional<Position> last,
        boolean inside,
        Optional<String> refusal,
        boolean torn,
        Salvager.Report survey) {
    private static final String RECOVERY = "wal.recovery";

    /** Reads everything; changes nothing. */
    static RepairPlan of(WalConfig config, Salvager salvager) throws IOException {
        Salvager.Report survey = salvager.survey(config);
        Optional<String> refusal = refusal(config);
        try (Wal wal = Wal.openReadOnly(config.toBuilder()
                .recovery(refusal.isPresent() ? "truncate" : "default")
                .build())) {
            List<Damage> damage = new ArrayList<>();
            long first = 0;
            long sequence = 0;
            long kept = 0;
            Position last = null;
            try (WalReader reader = wal.read(Position.START, ReadOptions.DEFAULT.skipDamage(damage::add))) {
                while (reader.next() && damage.isEmpty() && isWhole(reader)) {
                    first = kept++ == 0 ? reader.sequence() : first;
                    sequence = reader.sequence();
                    last = reader.position();
                }
            }
            boolean inside = !damage.isEmpty() || kept < wal.recovery().records();
            boolean torn = wal.recovery().truncation().isPresent();
            return new RepairPlan(first, sequence, kept, Optional.ofNullable(last), inside, refusal, torn, survey);
        } catch (WalCorruptException e) { // nothing lies before the damage
            return new RepairPlan(
                    0, 0, 0, Optional.empty(), false, Optional.of(String.valueOf(e.getMessage())), false, survey);
        }
    }

    private static Optional<String> refusal(WalConfig config) {
        String wanted = config.get(RECOVERY).orElse("");
        WalConfig refusing = wanted.equals("truncate")
                ? config.toBuilder().recovery("default").build()
                : config;
        try {
            Wal.openReadOnly(refusing).close();
            return Optional.empty();
        } catch (WalCorruptException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isWhole(WalReader reader) throws IOException {
        if (reader.isStreamed()) {
            try (InputStream value = reader.valueStream()) {
                value.transferTo(OutputStream.nullOutputStream());
            } catch (WalCorruptException e) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether there is damage, beyond what a crash leaves} */
    boolean needed() {
        return inside || refusal.isPresent();
    }

    /** {@return how many records go, intact ones and damaged ones} */
    long dropped() {
        return Math.max(survey.lastSequence(), lastSequence) - lastSequence;
    }

    /** {@return the plan for a person} */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        refusal.ifPresent(why -> lines.add("opening is refused: " + why));
        survey.damage()
                .forEach(each -> lines.add("damage: " + each.file() + " offset " + each.offset() + ": " + each.why()));
        lines.add("keeps " + range(kept, firstSequence, lastSequence));
        if (dropped() > 0) {
            lines.add("drops " + range(dropped(), lastSequence + 1, survey.lastSequence()) + "; "
                    + Human.count(Math.max(0, survey.records() - kept), "intact record") + " among them, acknowledged");
            lines.add("salvage would keep " + Human.count(survey.records(), "record") + ": every one that is intact");
        }
        return lines;
    }

    private static String range(long count, long first, long last) {
        return count == 0
                ? "no record"
                : count == 1
                        ? "1 record, sequence " + Human.count(first)
                        : "sequences " + Human.count(first) + " to " + Human.count(last) + ", "
                                + Human.count(count, "record");
    }
}
