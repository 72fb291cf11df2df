package io.walnut.tck.kit;

import io.walnut.codec.zstd.ZstdCodecProvider;
import io.walnut.spi.CodecProvider;

class ZstdCodecKitTest extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new ZstdCodecProvider();
    }
}
