module example.counting {
    requires io.walnut.spi;

    provides io.walnut.spi.MeterProvider with
            example.counting.CountingMeterProvider;
}
