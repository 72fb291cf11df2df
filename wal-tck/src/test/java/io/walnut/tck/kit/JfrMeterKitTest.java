package io.walnut.tck.kit;

import io.walnut.engine.meter.JfrMeterProvider;
import io.walnut.spi.MeterProvider;

class JfrMeterKitTest extends MeterKit {
    @Override
    protected MeterProvider provider() {
        return new JfrMeterProvider();
    }
}
