/** A meter of somebody else's. */
module example.totals {
    requires io.walnut.spi;

    exports example.totals;

    provides io.walnut.spi.MeterProvider with
            example.totals.TotalsProvider;
}
