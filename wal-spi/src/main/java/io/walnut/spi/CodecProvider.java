package io.walnut.spi;

/** Makes codecs. See {@link PluginProvider} for what every provider keeps to. */
public interface CodecProvider extends PluginProvider<Codec> {
    /**
     * The identity of its codec on disk, the same as {@link Codec#id()}; so a log finds the codec of a stored value
     * without making all of them. A log refuses reserved ones, and two codecs with the same.
     *
     * @return 1 lz4, 2 zstd, 128 to 255 for others; 0 means not compressed, 3 to 127 are reserved
     */
    int id();
}
