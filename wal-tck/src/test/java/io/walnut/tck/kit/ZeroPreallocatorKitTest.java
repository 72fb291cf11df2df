package io.walnut.tck.kit;

import io.walnut.engine.preallocate.ZeroPreallocatorProvider;
import io.walnut.spi.PreallocatorProvider;

class ZeroPreallocatorKitTest extends PreallocatorKit {
    @Override
    protected PreallocatorProvider provider() {
        return new ZeroPreallocatorProvider();
    }
}
