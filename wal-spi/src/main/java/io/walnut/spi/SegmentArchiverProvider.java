package io.walnut.spi;

/** Makes archivers. See {@link PluginProvider} for what every provider keeps to. */
public interface SegmentArchiverProvider extends PluginProvider<SegmentArchiver> {}
