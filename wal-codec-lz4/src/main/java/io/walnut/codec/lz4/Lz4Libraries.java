package io.walnut.codec.lz4;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import net.jpountz.lz4.LZ4Factory;

/** The implementation of LZ4 that this process uses, chosen and logged once, at first use. */
final class Lz4Libraries {
    /**
     * The native library where it loads. {@link LZ4Factory#fastestInstance} alone would not do: loaded by any but the
     * system class loader, it takes pure Java without trying.
     */
    static final LZ4Factory LIVE = choose();

    private Lz4Libraries() {}

    static boolean isNative(LZ4Factory factory) {
        return factory.toString().endsWith(":JNI");
    }

    private static LZ4Factory choose() {
        Logger logger = System.getLogger("io.walnut.codec.lz4");
        LZ4Factory factory;
        try {
            factory = LZ4Factory.nativeInstance();
            logger.log(Level.DEBUG, "LZ4 is live as {0}", factory);
        } catch (LinkageError | AssertionError | RuntimeException e) {
            factory = LZ4Factory.fastestInstance();
            logger.log(
                    Level.DEBUG,
                    "LZ4 is live as " + factory + ", because its native library does not load; on JDK 22 and newer it"
                            + " may need --enable-native-access=org.lz4.java",
                    e);
        }
        return factory;
    }
}
