package example.rle.test;

import example.rle.RunLengthProvider;
import io.walnut.spi.CodecProvider;
import io.walnut.tck.kit.CodecKit;

class RunLengthTest extends CodecKit {
    @Override
    protected CodecProvider provider() {
        return new RunLengthProvider();
    }
}
