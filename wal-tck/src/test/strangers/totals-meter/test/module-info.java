/** Shows that the meter works. */
open module example.totals.test {
    requires example.totals;
    requires io.walnut.tck;
}
