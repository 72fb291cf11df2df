package io.walnut.api;

import java.time.Clock;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to read. Immutable; start from {@link #DEFAULT}.
 *
 * @param durableOnly whether the reader stops at {@link Wal#durableEnd()}, instead of at the highest acknowledged
 *     position; such a reader never sees what a power loss can take back
 * @param expiryClock the clock by which records that have expired are skipped; empty to read them too
 * @param onDamage receives each damaged place, which is skipped; empty to fail at the first one
 */
public record ReadOptions(
        boolean durableOnly, Optional<InstantSource> expiryClock, Optional<Consumer<Damage>> onDamage) {
    /** Everything that was acknowledged, expired or not. */
    public static final ReadOptions DEFAULT = new ReadOptions(false);

    /** Checks that nothing is null. */
    public ReadOptions {
        Objects.requireNonNull(expiryClock);
        Objects.requireNonNull(onDamage);
    }

    /**
     * Options that skip nothing.
     *
     * @param durableOnly whether to read only what is on the device
     */
    public ReadOptions(boolean durableOnly) {
        this(durableOnly, Optional.empty(), Optional.empty());
    }

    /** {@return these options, but reading only what is on the device} */
    public ReadOptions withDurableOnly() {
        return new ReadOptions(true, expiryClock, onDamage);
    }

    /**
     * These options, but skipping records that have expired when the reader comes to them: those whose {@linkplain
     * WalReader#expiresAt() expiry}, which is computed from what is stored and so outlives restarts, is not after the
     * clock's present millisecond. They keep their sequences, so that these have gaps for such a reader.
     * What is skipped is as if it had never been: where a record expires before an older one of its key, the older one
     * counts again.
     *
     * @param clock the reader's clock; asked for each record that can expire
     * @return changed options
     */
    public ReadOptions skipExpired(InstantSource clock) {
        return new ReadOptions(durableOnly, Optional.of(clock), onDamage);
    }

    /**
     * These options, but skipping damaged records instead of failing at the first one with {@link WalCorruptException}. The
     * reader goes on with the next record that verifies. Other members of a batch are read although one of them is damaged.
     * A streamed value whose record is intact is given out, and reading a damaged part of it fails. Needs {@link
     * Capability#DAMAGE_SKIPPED}; other backends fail as without this option.
     *
     * @param listener receives each damaged place as the reader passes it, on the reading thread
     * @return changed options
     */
    public ReadOptions skipDamage(Consumer<Damage> listener) {
        return new ReadOptions(durableOnly, expiryClock, Optional.of(listener));
    }

    /** {@return these options, but skipping what has expired by the system's clock} */
    public ReadOptions skipExpired() {
        return skipExpired(Clock.systemUTC());
    }
}
