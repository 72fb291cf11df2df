module example.application {
    requires io.walnut.api;
}
