package io.walnut.engine.log;

/**
 * Makes sure that the stack has room for what comes next, where an overflow halfway would leave a lock taken, the tail half
 * moved or a force claimed that nobody does. A caller whose stack is nearly at its end gets its {@link StackOverflowError}
 * here, where nothing has happened yet.
 *
 * <p>A frame of compiled code has its full size as soon as the method is entered, whatever it then does. So it is enough to
 * enter a method with a large frame, which takes a nanosecond or two: {@link #touch} keeps many values across a call, which
 * it makes now and then only. A recursion through small frames would take longer than an append. While code is still
 * interpreted, frames are larger: the first calls go further down.
 */
final class StackProbe {
    private static final int WARM = 20_000;
    private static final int EVERY = 1 << 12;
    private static final int DOWN = 100;
    private static final int DEEP = 20;
    private static final long[] VALUES = new long[96];

    private StackProbe() {}

    /** Touches so much of the stack as short work needs: under the append lock, without any operation of the storage. */
    static void shortly(AppendBuffer buffer) {
        buffer.probed += touch(buffer.probes++, 0);
    }

    /** Touches some 16 KiB of the stack: as much as reading, writing, forcing or starting a thread needs. */
    static void deeply() {
        touch(WARM + 1, DEEP);
    }

    private static long touch(int count, int levels) {
        if (count <= WARM || (count & EVERY - 1) == 0) {
            long[] v = VALUES;
            long a0 = v[0], a1 = v[1], a2 = v[2], a3 = v[3], a4 = v[4], a5 = v[5], a6 = v[6], a7 = v[7];
            long a8 = v[8], a9 = v[9], a10 = v[10], a11 = v[11], a12 = v[12], a13 = v[13], a14 = v[14], a15 = v[15];
            long a16 = v[16], a17 = v[17], a18 = v[18], a19 = v[19], a20 = v[20], a21 = v[21], a22 = v[22], a23 = v[23];
            long a24 = v[24], a25 = v[25], a26 = v[26], a27 = v[27], a28 = v[28], a29 = v[29], a30 = v[30], a31 = v[31];
            long a32 = v[32], a33 = v[33], a34 = v[34], a35 = v[35], a36 = v[36], a37 = v[37], a38 = v[38], a39 = v[39];
            long a40 = v[40], a41 = v[41], a42 = v[42], a43 = v[43], a44 = v[44], a45 = v[45], a46 = v[46], a47 = v[47];
            long a48 = v[48], a49 = v[49], a50 = v[50], a51 = v[51], a52 = v[52], a53 = v[53], a54 = v[54], a55 = v[55];
            long a56 = v[56], a57 = v[57], a58 = v[58], a59 = v[59], a60 = v[60], a61 = v[61], a62 = v[62], a63 = v[63];
            long a64 = v[64], a65 = v[65], a66 = v[66], a67 = v[67], a68 = v[68], a69 = v[69], a70 = v[70], a71 = v[71];
            long a72 = v[72], a73 = v[73], a74 = v[74], a75 = v[75], a76 = v[76], a77 = v[77], a78 = v[78], a79 = v[79];
            long a80 = v[80], a81 = v[81], a82 = v[82], a83 = v[83], a84 = v[84], a85 = v[85], a86 = v[86], a87 = v[87];
            long a88 = v[88], a89 = v[89], a90 = v[90], a91 = v[91], a92 = v[92], a93 = v[93], a94 = v[94], a95 = v[95];
            long r = down(DOWN);
            r ^= (r ^ a0) + (r ^ a1) + (r ^ a2) + (r ^ a3) + (r ^ a4) + (r ^ a5) + (r ^ a6) + (r ^ a7);
            r ^= (r ^ a8) + (r ^ a9) + (r ^ a10) + (r ^ a11) + (r ^ a12) + (r ^ a13) + (r ^ a14) + (r ^ a15);
            r ^= (r ^ a16) + (r ^ a17) + (r ^ a18) + (r ^ a19) + (r ^ a20) + (r ^ a21) + (r ^ a22) + (r ^ a23);
            r ^= (r ^ a24) + (r ^ a25) + (r ^ a26) + (r ^ a27) + (r ^ a28) + (r ^ a29) + (r ^ a30) + (r ^ a31);
            r ^= (r ^ a32) + (r ^ a33) + (r ^ a34) + (r ^ a35) + (r ^ a36) + (r ^ a37) + (r ^ a38) + (r ^ a39);
            r ^= (r ^ a40) + (r ^ a41) + (r ^ a42) + (r ^ a43) + (r ^ a44) + (r ^ a45) + (r ^ a46) + (r ^ a47);
            r ^= (r ^ a48) + (r ^ a49) + (r ^ a50) + (r ^ a51) + (r ^ a52) + (r ^ a53) + (r ^ a54) + (r ^ a55);
            r ^= (r ^ a56) + (r ^ a57) + (r ^ a58) + (r ^ a59) + (r ^ a60) + (r ^ a61) + (r ^ a62) + (r ^ a63);
            r ^= (r ^ a64) + (r ^ a65) + (r ^ a66) + (r ^ a67) + (r ^ a68) + (r ^ a69) + (r ^ a70) + (r ^ a71);
            r ^= (r ^ a72) + (r ^ a73) + (r ^ a74) + (r ^ a75) + (r ^ a76) + (r ^ a77) + (r ^ a78) + (r ^ a79);
            r ^= (r ^ a80) + (r ^ a81) + (r ^ a82) + (r ^ a83) + (r ^ a84) + (r ^ a85) + (r ^ a86) + (r ^ a87);
            r ^= (r ^ a88) + (r ^ a89) + (r ^ a90) + (r ^ a91) + (r ^ a92) + (r ^ a93) + (r ^ a94) + (r ^ a95);
            return r;
        }
        return levels == 0 ? 0 : 1 + touch(count, levels - 1);
    }

    private static long down(int levels) {
        return levels == 0 ? 0 : 1 + down(levels - 1);
    }
}
