/** Compresses values with LZ4: the codec {@code lz4}, whose identity on disk is 1. */
@SuppressWarnings("module") // the digit belongs to the name
module io.walnut.codec.lz4 {
    requires transitive io.walnut.spi;
    requires org.lz4.java;
    requires static org.jspecify;

    exports io.walnut.codec.lz4;

    provides io.walnut.spi.CodecProvider with
            io.walnut.codec.lz4.Lz4CodecProvider;
}
