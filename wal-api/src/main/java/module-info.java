/**
 * What an application sees of Walnut: the log, its records, positions, readers, configuration and failures.
 *
 * <p>An application compiles against this module alone and puts a backend (by default {@code io.walnut.engine}) on its
 * run-time path; {@link io.walnut.api.Wal#open(java.nio.file.Path)} finds it by {@link java.util.ServiceLoader}.
 */
module io.walnut.api {
    requires static org.jspecify;

    exports io.walnut.api;

    uses io.walnut.api.WalProvider;
}
