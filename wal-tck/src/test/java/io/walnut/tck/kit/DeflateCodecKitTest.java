package io.walnut.tck.kit;

import io.walnut.spi.CodecProvider;

class DeflateCodecKitTest extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new DeflateCodecProvider();
    }
}
