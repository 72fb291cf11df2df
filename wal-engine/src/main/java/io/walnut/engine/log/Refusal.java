package io.walnut.engine.log;

import io.walnut.api.WalCorruptException;
import io.walnut.spi.Meter;
import java.time.Clock;

/** A log that is not opened because it is damaged: who watches it is told all the same. */
public final class Refusal {
    private Refusal() {}

    /**
     * Writes the line of the damage and gives the meter its event: the only one, and then the end.
     *
     * @param logName the log
     * @param nodeId who would have written it
     * @param location where it is
     * @param meter who is told
     * @param clock the wall clock
     * @param workers threads for the background
     * @param damage why it is not opened
     */
    public static void tell(
            String logName,
            String nodeId,
            String location,
            Meter meter,
            Clock clock,
            Workers workers,
            WalCorruptException damage) {
        try (Telemetry telemetry = new Telemetry(logName, nodeId, workers.forMeters())) {
            Announcer announcer = new Announcer(telemetry, clock, location);
            telemetry.attach(meter);
            announcer.damaged(damage);
        }
    }
}
