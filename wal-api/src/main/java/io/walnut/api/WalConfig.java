package io.walnut.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which log to open, and how: strings by key, as in a properties file. The builder, {@link #from(Map)} and {@link
 * #from(Properties)} say exactly the same things, and {@link #toMap()} gives them back. Immutable.
 *
 * <p>Nothing is validated here, because only the backend and its plugins know every key: opening reports every problem
 * at once, unknown keys that begin with {@code wal.} included; others are ignored. All keys, their types, defaults and units are listed in {@code docs/configuration.md}.
 */
public final class WalConfig {
    static final String BACKEND = "wal.backend";
    static final String DEFAULT_BACKEND = "engine";

    private final Map<String, String> values;
    private final @Nullable Executor executor;

    private WalConfig(Map<String, String> values, @Nullable Executor executor) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
        this.executor = executor;
    }

    /**
     * Starts a configuration.
     *
     * @param directory where the log lives
     * @return a builder with everything else left to its default
     */
    public static Builder builder(Path directory) {
        return new Builder().set("wal.dir", directory.toString());
    }

    /**
     * A configuration from strings.
     *
     * @param values by key; {@code wal.dir} has to be among them
     * @return the configuration
     */
    public static WalConfig from(Map<String, String> values) {
        return new WalConfig(values, null);
    }

    /**
     * A configuration from properties, defaults of the properties included.
     *
     * @param properties by key; {@code wal.dir} has to be among them
     * @return the configuration
     */
    public static WalConfig from(Properties properties) {
        Map<String, String> values = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key));
        }
        return new WalConfig(values, null);
    }

    /** {@return the strings that say the same, sorted by key} */
    public Map<String, String> toMap() {
        return values;
    }

    /**
     * One value.
     *
     * @param key a key
     * @return what was said for it; empty if it is left to its default
     */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** {@return where futures are completed, if {@link Builder#executor} was called} */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** {@return a builder that starts with what this says} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.putAll(values);
        builder.executor = executor;
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WalConfig that && values.equals(that.values) && Objects.equals(executor, that.executor);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "WalConfig" + values;
    }

    /** Builds a configuration. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> values = new TreeMap<>();
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Says anything by its key.
         *
         * @param key a key, like {@code wal.codec.zstd.level}
         * @param value what it shall be
         * @return this
         */
        public Builder set(String key, String value) {
            values.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
            return this;
        }

        /**
         * {@code wal.backend}.
         *
         * @param name of a backend
         * @return this
         */
        public Builder backend(String name) {
            return set(BACKEND, name);
        }

        /**
         * {@code wal.codec}: what compresses values.
         *
         * @param name {@code none}, {@code lz4}, {@code zstd} or a plugin's
         * @return this
         */
        public Builder codec(String name) {
            return set("wal.codec", name);
        }

        /**
         * {@code wal.fsync}: when appended bytes are forced to the device.
         *
         * @param name {@code always}, {@code batch}, {@code os} or a plugin's
         * @return this
         */
        public Builder fsync(String name) {
            return set("wal.fsync", name);
        }

        /**
         * {@code wal.fsync.batch.window}: the longest time that bytes stay unforced under {@code batch}.
         *
         * @param window positive, at most a second
         * @return this
         */
        public Builder fsyncWindow(Duration window) {
            return set("wal.fsync.batch.window", window.toNanos() + "ns");
        }

        /**
         * {@code wal.preallocator}: how a segment's space is reserved.
         *
         * @param name {@code zero}, {@code none}, {@code sparse}, {@code native} or a plugin's
         * @return this
         */
        public Builder preallocator(String name) {
            return set("wal.preallocator", name);
        }

        /**
         * {@code wal.meter}: who is told what happens.
         *
         * @param name {@code none}, {@code jfr}, {@code log}, {@code otel} or a plugin's
         * @return this
         */
        public Builder meter(String name) {
            return set("wal.meter", name);
        }

        /**
         * {@code wal.storage}: where the bytes are.
         *
         * @param name {@code file}, {@code memory} or a plugin's
         * @return this
         */
        public Builder storage(String name) {
            return set("wal.storage", name);
        }

        /**
         * {@code wal.io}: how bytes are written.
         *
         * @param name {@code auto}, {@code mapped} or {@code channel}
         * @return this
         */
        public Builder io(String name) {
            return set("wal.io", name);
        }

        /**
         * {@code wal.recovery}: what opening does about damage at the end.
         *
         * @param mode {@code strict}, {@code default} or {@code truncate}
         * @return this
         */
        public Builder recovery(String mode) {
            return set("wal.recovery", mode);
        }

        /**
         * {@code wal.segment.bytes}: how large a segment's file gets.
         *
         * @param bytes at least 64 KiB
         * @return this
         */
        public Builder segmentBytes(long bytes) {
            return set("wal.segment.bytes", Long.toString(bytes));
        }

        /**
         * {@code wal.record.max.key.bytes}.
         *
         * @param bytes the longest key that is accepted
         * @return this
         */
        public Builder maxKeyBytes(int bytes) {
            return set("wal.record.max.key.bytes", Integer.toString(bytes));
        }

        /**
         * {@code wal.record.max.value.bytes}.
         *
         * @param bytes the longest value that is accepted
         * @return this
         */
        public Builder maxValueBytes(int bytes) {
            return set("wal.record.max.value.bytes", Integer.toString(bytes));
        }

        /**
         * {@code wal.unsynced.max.bytes}: how much may wait to be forced.
         *
         * @param bytes past it appends wait
         * @return this
         */
        public Builder maxUnsyncedBytes(long bytes) {
            return set("wal.unsynced.max.bytes", Long.toString(bytes));
        }

        /**
         * {@code wal.node.id}: who writes this log; stored in its segments and told to meters.
         *
         * @param id at most 128 bytes in UTF-8
         * @return this
         */
        public Builder nodeId(String id) {
            return set("wal.node.id", id);
        }

        /**
         * {@code wal.plugin.path}: a directory that is a plugin, or each of whose directories is one. The key itself takes
         * several, separated by {@link java.io.File#pathSeparator}.
         *
         * @param directory where to look
         * @return this
         */
        public Builder pluginPath(Path directory) {
            return set("wal.plugin.path", directory.toString());
        }

        /**
         * Sets where the futures of {@link Wal#appendAsync} are completed; by default on a thread that the log keeps for it,
         * and so too when an executor refuses, throws anything else, or would run at once on the thread that gives it
         * something to do. An executor may wait in {@code execute}: only what is to be called on it waits too, and neither
         * appends, forces nor closing do.
         * This alone cannot be said by a string, and is no part of {@link WalConfig#toMap()}.
         *
         * @param executor the user's own; the log does not shut it down
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor);
            return this;
        }

        /** {@return the configuration} */
        public WalConfig build() {
            return new WalConfig(values, executor);
        }
    }
}
