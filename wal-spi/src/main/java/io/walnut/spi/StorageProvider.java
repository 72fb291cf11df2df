package io.walnut.spi;

/** Makes storages. See {@link PluginProvider} for what every provider keeps to. */
public interface StorageProvider extends PluginProvider<Storage> {}
