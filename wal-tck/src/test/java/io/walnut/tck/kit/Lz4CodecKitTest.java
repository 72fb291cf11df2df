package io.walnut.tck.kit;

import io.walnut.codec.lz4.Lz4CodecProvider;
import io.walnut.spi.CodecProvider;

class Lz4CodecKitTest extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new Lz4CodecProvider();
    }
}
