package io.walnut.tck.kit;

import io.walnut.otel.OpenTelemetryMeterProvider;
import io.walnut.spi.MeterProvider;

/** Without an SDK nothing is collected; what is collected with one is shown by the meter's own tests. */
class OpenTelemetryMeterKitTest extends MeterKit {
    @Override
    protected MeterProvider provider() {
        return new OpenTelemetryMeterProvider();
    }
}
