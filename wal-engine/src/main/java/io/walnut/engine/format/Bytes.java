package io.walnut.engine.format;

import io.walnut.api.WalException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Little-endian access, variable-length numbers and checksums over arrays and buffers. */
public final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    /** Stores an int. */
    public static void putInt(byte[] target, int at, int value) {
        INT.set(target, at, value);
    }

    /** Stores a long. */
    public static void putLong(byte[] target, int at, long value) {
        LONG.set(target, at, value);
    }

    /** Loads an int. */
    public static int getInt(byte[] source, int at) {
        return (int) INT.get(source, at);
    }

    /** Loads a long. */
    public static long getLong(byte[] source, int at) {
        return (long) LONG.get(source, at);
    }

    /** {@return the next multiple of 8} */
    public static int align(int size) {
        return (size + 7) & ~7;
    }

    /** {@return the next multiple of 8} */
    public static long align(long size) {
        return (size + 7) & ~7L;
    }

    /** {@return the bytes that {@link #putVarint} takes for a value, read as unsigned} */
    public static int varintSize(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Stores an unsigned number, 7 bits a byte, lowest first; returns the place behind it. */
    public static int putVarint(byte[] target, int at, long value) {
        long rest = value;
        int next = at;
        while ((rest & ~0x7FL) != 0) {
            target[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[next++] = (byte) rest;
        return next;
    }

    /** {@return the CRC32C of a part of an array} */
    public static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /**
     * Returns a little-endian buffer outside the heap.
     *
     * @throws WalException if there is not enough memory, with the reason {@code OUT_OF_MEMORY}
     */
    public static ByteBuffer allocateDirect(int size) {
        try {
            return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        } catch (OutOfMemoryError e) {
            throw new WalException(
                    WalException.Reason.OUT_OF_MEMORY,
                    WalException.Outcome.NONE,
                    "a buffer of " + size
                            + " bytes outside the heap cannot be had; raise -XX:MaxDirectMemorySize, or close"
                            + " readers and logs: " + e.getMessage(),
                    e);
        }
    }

    /** {@return a little-endian buffer on the heap} */
    public static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
