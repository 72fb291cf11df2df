/** Shows that the backend works. */
open module example.mvstore.test {
    requires example.mvstore;
    requires io.walnut.tck;
}
