/** A backend of somebody else's, without the engine: a log in an MVStore of H2. */
module example.mvstore {
    requires transitive io.walnut.api;
    requires com.h2database.mvstore;

    exports example.mvstore;

    provides io.walnut.api.WalProvider with
            example.mvstore.MvProvider;
}
