package io.walnut.tck.kit;

import io.walnut.engine.preallocate.NonePreallocatorProvider;
import io.walnut.spi.PreallocatorProvider;

class NonePreallocatorKitTest extends PreallocatorKit {
    @Override
    protected PreallocatorProvider provider() {
        return new NonePreallocatorProvider();
    }
}
