module example.xor {
    requires io.walnut.spi;

    provides io.walnut.spi.CodecProvider with
            example.xor.XorCodecProvider;
}
