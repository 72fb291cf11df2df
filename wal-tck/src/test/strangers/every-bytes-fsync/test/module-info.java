/** Shows that the strategy works. */
open module example.every.test {
    requires example.every;
    requires io.walnut.tck;
}
