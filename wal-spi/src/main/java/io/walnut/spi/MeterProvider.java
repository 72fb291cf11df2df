package io.walnut.spi;

/** Makes meters. See {@link PluginProvider} for what every provider keeps to. */
public interface MeterProvider extends PluginProvider<Meter> {}
