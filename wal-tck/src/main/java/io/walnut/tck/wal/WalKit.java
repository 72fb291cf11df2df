package io.walnut.tck.wal;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalProvider;
import io.walnut.spi.Storage;
import io.walnut.tck.kit.Kit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * What every backend must do: extend it, name the provider, run it with JUnit.
 *
 * <p>Each rule has a log of its own in a directory of its own, with the configuration of the kit. Optional rules are about
 * what the backend claims in {@link Wal#capabilities()}, or about keys that it knows; where it does not, they are skipped
 * and tell why.
 */
public abstract class WalKit extends Kit {
    /** For subclasses. */
    protected WalKit() {}

    /** {@return the provider of the backend, a new one or the same one each time} */
    protected abstract WalProvider provider();

    /** {@return keys of the backend without which it cannot be tested; {@code wal.dir} and {@code wal.backend} are given} */
    protected Map<String, String> keys() {
        return Map.of();
    }

    /**
     * Opens a log on a disk that is given, so that the kit can cut its power; for a backend that can sit on one.
     *
     * @param disk where the log is; not closed by whoever calls this
     * @param config everything else
     * @return the log, empty if this backend has its own way to the disk
     */
    protected Optional<Wal> openOn(Storage disk, WalConfig config) {
        return Optional.empty();
    }

    /** {@return whether a log is still there when its process has died; not so in memory} */
    protected boolean outlivesItsProcess() {
        return !"memory".equals(configuration().values().get("wal.storage"));
    }

    final Map<String, String> settings() {
        return configuration().values();
    }

    /** Order, positions, sequences and durability. */
    @Nested
    @Tag("ordering")
    public class Ordering extends OrderingRules {
        /** For JUnit. */
        Ordering() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Asynchronous appends. */
    @Nested
    @Tag("async")
    public class Asynchronous extends AsyncRules {
        /** For JUnit. */
        Asynchronous() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Batches. */
    @Nested
    @Tag("batches")
    public class Batches extends BatchRules {
        /** For JUnit. */
        Batches() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Readers. */
    @Nested
    @Tag("readers")
    public class Readers extends ReaderRules {
        /** For JUnit. */
        Readers() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Readers that follow, that read beside others, and that only read what is durable. */
    @Nested
    @Tag("readers")
    public class Following extends FollowingRules {
        /** For JUnit. */
        Following() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Publishing entries. */
    @Nested
    @Tag("streaming")
    public class Streaming extends StreamingRules {
        /** For JUnit. */
        Streaming() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** What is in a record. */
    @Nested
    @Tag("records")
    public class Records extends RecordRules {
        /** For JUnit. */
        Records() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Limits, both sides of each. */
    @Nested
    @Tag("limits")
    public class Limits extends LimitRules {
        /** For JUnit. */
        Limits() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Deletion. */
    @Nested
    @Tag("deletion")
    public class Deletion extends DeletionRules {
        /** For JUnit. */
        Deletion() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Checkpoints. */
    @Nested
    @Tag("checkpoints")
    public class Checkpointing extends CheckpointRules {
        /** For JUnit. */
        Checkpointing() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Values that are appended and read as streams. */
    @Nested
    @Tag("streamed-values")
    public class StreamedValues extends StreamedValueRules {
        /** For JUnit. */
        StreamedValues() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Removing what is newest. */
    @Nested
    @Tag("truncation")
    public class Truncation extends TruncationRules {
        /** For JUnit. */
        Truncation() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Looking positions up. */
    @Nested
    @Tag("positions")
    public class Positions extends PositionRules {
        /** For JUnit. */
        Positions() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Configuration. */
    @Nested
    @Tag("configuration")
    public class Configuring extends ConfigurationRules {
        /** For JUnit. */
        Configuring() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Opening and closing. */
    @Nested
    @Tag("lifecycle")
    public class Lifecycle extends LifecycleRules {
        /** For JUnit. */
        Lifecycle() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Groups of logs. */
    @Nested
    @Tag("groups")
    public class Groups extends GroupRules {
        /** For JUnit. */
        Groups() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Resources and surroundings: threads, files, memory, interrupts, locale and time zone. */
    @Nested
    @Tag("surroundings")
    public class Surroundings extends SurroundingsRules {
        /** For JUnit. */
        Surroundings() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Many threads at a time, and histories of random operations. */
    @Nested
    @Tag("concurrency")
    public class Concurrency extends ConcurrencyRules {
        /** For JUnit. */
        Concurrency() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }

    /** Crashes of the process and of the machine. */
    @Nested
    @Tag("crash")
    public class Crashes extends CrashRules {
        /** For JUnit. */
        Crashes() {}

        @Override
        WalKit kit() {
            return WalKit.this;
        }
    }
}
