package io.walnut.tck.kit;

import io.walnut.engine.meter.NoneMeterProvider;
import io.walnut.spi.MeterProvider;

class NoneMeterKitTest extends MeterKit {
    @Override
    protected MeterProvider provider() {
        return new NoneMeterProvider();
    }
}
