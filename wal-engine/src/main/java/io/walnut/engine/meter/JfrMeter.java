package io.walnut.engine.meter;

import io.walnut.spi.Meter;
import io.walnut.spi.Metric;
import io.walnut.spi.MetricSource;
import io.walnut.spi.WalEvent;
import java.util.Locale;
import jdk.jfr.FlightRecorder;

/** Turns events of logs into events of the flight recorder. Values and totals are left out: a recording is no time series. */
final class JfrMeter implements Meter {
    private JfrMeter() {}

    /** @throws LinkageError if there is no flight recorder in this JDK */
    static Meter create() {
        FlightRecorder.isAvailable();
        return new JfrMeter();
    }

    @Override
    public Instruments attach(MetricSource source) {
        return new Recording(source.logName());
    }

    private record Recording(String log) implements Instruments {
        @Override
        public void record(Metric metric, long value) {}

        @Override
        public void event(WalEvent event) {
            if (event instanceof WalEvent.Fsynced fsynced) {
                JfrEvents.Fsync told = new JfrEvents.Fsync();
                told.bytes = fsynced.bytes();
                told.commit(log, event, fsynced.duration());
            } else if (event instanceof WalEvent.SegmentRolled rolled) {
                JfrEvents.Rotation told = new JfrEvents.Rotation();
                told.segment = rolled.segment();
                told.bytes = rolled.bytes();
                told.commit(log, event, rolled.duration());
            } else if (event instanceof WalEvent.Stalled stalled) {
                JfrEvents.Stall told = new JfrEvents.Stall();
                told.cause = stalled.cause().name().toLowerCase(Locale.ROOT);
                told.appends = stalled.appends();
                told.commit(log, event, stalled.longest());
            } else if (event instanceof WalEvent.Recovered recovered) {
                JfrEvents.Recovery told = new JfrEvents.Recovery();
                told.clean = recovered.report().clean();
                told.records = recovered.report().records();
                told.scannedBytes = recovered.report().bytesScanned();
                told.truncatedBytes = recovered.report().bytesTruncated();
                told.commit(log, event, recovered.report().duration());
            } else if (event instanceof WalEvent.Failed failed) {
                JfrEvents.Failure told = new JfrEvents.Failure();
                told.cause = failed.cause().toString();
                told.commit(log, event);
            }
        }

        @Override
        public void close() {}
    }
}
