package io.walnut.engine;

import io.walnut.api.WalConfigException;
import io.walnut.spi.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of a log: the one that compresses values by default, and those that single records or stored values ask for.
 * They are made when they are first needed. Thread-safe.
 */
public final class Codecs {
    /** The identity of values that are not compressed. */
    public static final int NONE_ID = 0;

    /** The greatest identity that fits into a frame. */
    public static final int MAX_ID = 255;

    /** The least identity that is not reserved. */
    public static final int MIN_FREE_ID = 128;

    /** The name for no compression. */
    public static final String NONE = "none";

    /** The codec of values that are stored as they are. */
    public static final Codec NO_COMPRESSION = new Codec() {
        @Override
        public int id() {
            return NONE_ID;
        }

        @Override
        public int maxCompressedBytes(int plainBytes) {
            return plainBytes;
        }

        @Override
        public void compress(ByteBuffer plain, ByteBuffer target) {
            target.put(plain);
        }

        @Override
        public void decompress(ByteBuffer compressed, ByteBuffer target) {
            target.put(compressed);
        }
    };

    /**
     * A codec that can be made.
     *
     * @param name by which configurations and records choose it
     * @param id its identity on disk
     * @param codec makes it, or gives it
     */
    public record Available(String name, int id, Supplier<Codec> codec) {}

    private static final Map<String, Integer> OWN_IDS = Map.of("lz4", 1, "zstd", 2);

    private final Codec main;
    private final Map<String, Available> byName = new TreeMap<>();
    private final Map<Integer, Available> byId = new TreeMap<>();
    private final Map<Integer, Codec> made = new ConcurrentHashMap<>();

    private Codecs(String main, List<Available> available) {
        List<String> problems = problems(available);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        for (Available each : available) {
            byName.put(each.name(), each);
            byId.put(each.id(), each);
        }
        Codec found = byName(main);
        if (found == null) {
            throw new IllegalArgumentException(missing("the codec '" + main + "'"));
        }
        this.main = found;
    }

    /**
     * What is wrong with codecs beside each other: an identity that is reserved or does not fit into a frame, and one that
     * two of them have.
     *
     * @param available all that there are, beside {@code none}
     * @return one sentence each; none if nothing is wrong
     */
    public static List<String> problems(List<Available> available) {
        List<String> problems = new ArrayList<>();
        Map<Integer, Available> seen = new TreeMap<>();
        for (Available each : available) {
            Integer own = OWN_IDS.get(each.name());
            boolean fits = own == null ? each.id() >= MIN_FREE_ID && each.id() <= MAX_ID : each.id() == own;
            Available same = fits ? seen.putIfAbsent(each.id(), each) : null;
            if (!fits) {
                problems.add("the codec '" + each.name() + "' has the id " + each.id() + "; "
                        + (own == null
                                ? "choose one from " + MIN_FREE_ID + " to " + MAX_ID + ", the others are reserved"
                                : "under that name the id " + own + " is reserved for Walnut's own"));
            } else if (same != null) {
                problems.add("the codecs '" + same.name() + "' and '" + each.name() + "' have the same id " + each.id()
                        + ", so that what one stored would be read by the other");
            }
        }
        return problems;
    }

    /** {@return codecs without any compression} */
    public static Codecs none() {
        return new Codecs(NONE, List.of());
    }

    /**
     * Codecs to choose from.
     *
     * @param main the name of the one that is used by default, {@code none} for no compression
     * @param available all that there are, beside {@code none}
     * @return the codecs
     * @throws IllegalArgumentException if the main one is not among them, or there are {@linkplain #problems problems}
     */
    public static Codecs of(String main, List<Available> available) {
        return new Codecs(main, available);
    }

    /**
     * One codec, used by default.
     *
     * @param name its name
     * @param codec the codec
     * @return the codecs
     */
    public static Codecs of(String name, Codec codec) {
        return new Codecs(name, List.of(new Available(name, codec.id(), () -> codec)));
    }

    /** {@return the codec that is used by default; the one with id 0 does not compress} */
    public Codec main() {
        return main;
    }

    /**
     * A codec by its name.
     *
     * @param name a name
     * @return the codec, or null if there is none
     */
    public @Nullable Codec byName(String name) {
        if (name.equals(NONE)) {
            return NO_COMPRESSION;
        }
        Available found = byName.get(name);
        return found == null ? null : byId(found.id());
    }

    /**
     * A codec by its identity on disk.
     *
     * @param id an identity
     * @return the codec, or null if there is none
     */
    public @Nullable Codec byId(int id) {
        if (id == NONE_ID) {
            return NO_COMPRESSION;
        }
        Codec codec = made.get(id);
        if (codec != null) {
            return codec;
        }
        Available found = byId.get(id);
        return found == null ? null : made.computeIfAbsent(id, key -> make(found));
    }

    private static Codec make(Available found) {
        Codec codec = found.codec().get();
        if (codec.id() != found.id()) {
            throw new WalConfigException(List.of("wal.codec: the provider of '" + found.name()
                    + "' says that its id is " + found.id() + ", and its codec that it is " + codec.id()));
        }
        return codec;
    }

    /**
     * The name of a codec.
     *
     * @param id its identity on disk
     * @return its name, or the number if there is none
     */
    public String nameOf(int id) {
        Available found = byId.get(id);
        return id == NONE_ID ? NONE : found == null ? Integer.toString(id) : found.name();
    }

    /**
     * What to tell somebody who asked for a codec that is not there.
     *
     * @param what they asked for
     * @return a sentence that names what is available, and what to add
     */
    public String missing(String what) {
        return what + " is not available; available: none"
                + (byName.isEmpty() ? "" : ", " + String.join(", ", byName.keySet()))
                + "; add io.walnut:wal-codec-lz4 for lz4 (id 1), io.walnut:wal-codec-zstd for zstd (id 2), or the plugin"
                + " that brings it";
    }
}
