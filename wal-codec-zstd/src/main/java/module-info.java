/** Compresses values with Zstandard: the codec {@code zstd}, whose identity on disk is 2. */
module io.walnut.codec.zstd {
    requires transitive io.walnut.spi;
    requires com.github.luben.zstd_jni;
    requires static org.jspecify;

    exports io.walnut.codec.zstd;

    provides io.walnut.spi.CodecProvider with
            io.walnut.codec.zstd.ZstdCodecProvider;
}
