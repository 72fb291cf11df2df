package io.walnut.spi;

/** Makes preallocators. See {@link PluginProvider} for what every provider keeps to. */
public interface PreallocatorProvider extends PluginProvider<Preallocator> {}
