package io.walnut.spi;

/** Makes fsync strategies. See {@link PluginProvider} for what every provider keeps to. */
public interface FsyncStrategyProvider extends PluginProvider<FsyncStrategy> {}
