/** Shows that the codec works. */
open module example.rle.test {
    requires example.rle;
    requires io.walnut.tck;
}
