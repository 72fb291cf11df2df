/**
 * The default backend of Walnut: it composes codec, preallocator, fsync strategy, meter and storage into a log, and is
 * the only one that knows the layout of a file.
 */
module io.walnut.engine {
    requires transitive io.walnut.spi;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports io.walnut.engine;

    uses io.walnut.spi.CodecProvider;
    uses io.walnut.spi.FsyncStrategyProvider;
    uses io.walnut.spi.MeterProvider;
    uses io.walnut.spi.PreallocatorProvider;
    uses io.walnut.spi.SegmentArchiverProvider;
    uses io.walnut.spi.StorageProvider;

    provides io.walnut.api.WalProvider with
            io.walnut.engine.EngineProvider;
    provides io.walnut.spi.FsyncStrategyProvider with
            io.walnut.engine.fsync.AlwaysProvider,
            io.walnut.engine.fsync.BatchProvider,
            io.walnut.engine.fsync.OsProvider;
    provides io.walnut.spi.MeterProvider with
            io.walnut.engine.meter.NoneMeterProvider,
            io.walnut.engine.meter.JfrMeterProvider,
            io.walnut.engine.meter.LogMeterProvider;
    provides io.walnut.spi.PreallocatorProvider with
            io.walnut.engine.preallocate.ZeroPreallocatorProvider,
            io.walnut.engine.preallocate.NonePreallocatorProvider,
            io.walnut.engine.preallocate.SparsePreallocatorProvider,
            io.walnut.engine.preallocate.NativePreallocatorProvider;
    provides io.walnut.spi.SegmentArchiverProvider with
            io.walnut.engine.archive.NoneArchiverProvider,
            io.walnut.engine.archive.DirectoryArchiverProvider;
    provides io.walnut.spi.StorageProvider with
            io.walnut.engine.storage.FileStorageProvider,
            io.walnut.engine.storage.MemoryStorageProvider;
}
