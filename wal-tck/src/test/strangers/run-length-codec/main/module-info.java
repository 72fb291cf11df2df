/** A codec of somebody else's. */
module example.rle {
    requires io.walnut.spi;

    exports example.rle;

    provides io.walnut.spi.CodecProvider with
            example.rle.RunLengthProvider;
}
