package io.walnut.tck.kit;

import io.walnut.engine.preallocate.SparsePreallocatorProvider;
import io.walnut.spi.PreallocatorProvider;

class SparsePreallocatorKitTest extends PreallocatorKit {
    @Override
    protected PreallocatorProvider provider() {
        return new SparsePreallocatorProvider();
    }
}
