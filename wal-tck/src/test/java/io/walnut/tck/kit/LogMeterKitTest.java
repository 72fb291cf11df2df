package io.walnut.tck.kit;

import io.walnut.engine.meter.LogMeterProvider;
import io.walnut.spi.MeterProvider;

class LogMeterKitTest extends MeterKit {
    @Override
    protected MeterProvider provider() {
        return new LogMeterProvider();
    }
}
