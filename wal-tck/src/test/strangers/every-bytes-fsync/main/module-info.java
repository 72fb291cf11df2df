/** An fsync strategy of somebody else's. */
module example.every {
    requires io.walnut.spi;

    exports example.every;

    provides io.walnut.spi.FsyncStrategyProvider with
            example.every.EveryBytesProvider;
}
