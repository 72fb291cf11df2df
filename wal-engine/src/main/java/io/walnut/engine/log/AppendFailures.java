package io.walnut.engine.log;

import io.walnut.api.WalException;
import io.walnut.api.WalException.Reason;
import io.walnut.spi.Metrics;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Appends that ended with an exception, by its reason. */
final class AppendFailures {
    private final Map<String, LongAdder> counts;

    AppendFailures(Telemetry telemetry) {
        counts = telemetry.counters(Metrics.APPEND_FAILURES);
    }

    void count(Throwable failure) {
        if (failure instanceof WalException known) {
            count(known.reason());
        } else {
            count("other");
        }
    }

    void count(Reason reason) {
        count(reason.name().toLowerCase(Locale.ROOT));
    }

    private void count(String reason) {
        counts.computeIfAbsent(reason, name -> new LongAdder()).increment();
    }
}
