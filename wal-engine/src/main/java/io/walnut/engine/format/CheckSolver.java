package io.walnut.engine.format;

import java.util.function.IntUnaryOperator;

/**
 * Solves the check of a frame for one of its inputs. CRC32C is linear, and each 32 bits of its input are mapped one to one:
 * so for every check there is exactly one such input, and finding it takes no search. For one thread at a time.
 */
public final class CheckSolver {
    private final Frame.Checker checker = new Frame.Checker();
    private final int[] salts = inverse(x -> checker.check(x & 0xFFFF_FFFFL, 0, 0, 0, 0, 0, 0));
    private final int[] sequences = inverse(x -> checker.check(0, 0, x & 0xFFFF_FFFFL, 0, 0, 0, 0));
    private final int[] previous = inverse(x -> checker.check(0, 0, 0, 0, 0, 0, x));

    /** {@return a salt with which the check of a frame holds; all frames of the segment hold with it too} */
    public long salt(long offset, long sequence, int length, int kind, int bodyCrc, int before, int check) {
        return solve(salts, check ^ checker.check(0, offset, sequence, length, kind, bodyCrc, before)) & 0xFFFF_FFFFL;
    }

    /** {@return the sequence with which the check of a frame holds, if its upper half is that of another one} */
    public long sequence(long salt, long offset, long near, int length, int kind, int bodyCrc, int before, int check) {
        long upper = near & 0xFFFF_FFFF_0000_0000L;
        int rest = checker.check(salt, offset, upper, length, kind, bodyCrc, before);
        return upper | solve(sequences, check ^ rest) & 0xFFFF_FFFFL;
    }

    /** {@return the check of the frame before with which the check of a frame holds} */
    public int previous(long salt, long offset, long sequence, int length, int kind, int bodyCrc, int check) {
        return solve(previous, check ^ checker.check(salt, offset, sequence, length, kind, bodyCrc, 0));
    }

    private static int solve(int[] inverse, int difference) {
        int input = 0;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((difference >>> bit & 1) != 0) {
                input ^= inverse[bit];
            }
        }
        return input;
    }

    /** Returns, for each bit of a check, the input that changes this bit alone: by elimination, as for any linear map. */
    private static int[] inverse(IntUnaryOperator check) {
        int[] inputs = new int[Integer.SIZE];
        int[] images = new int[Integer.SIZE];
        int zero = check.applyAsInt(0);
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            inputs[bit] = 1 << bit;
            images[bit] = check.applyAsInt(1 << bit) ^ zero;
        }
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            int pivot = bit;
            while ((images[pivot] >>> bit & 1) == 0) {
                pivot++;
            }
            swap(inputs, bit, pivot);
            swap(images, bit, pivot);
            for (int other = 0; other < Integer.SIZE; other++) {
                if (other != bit && (images[other] >>> bit & 1) != 0) {
                    images[other] ^= images[bit];
                    inputs[other] ^= inputs[bit];
                }
            }
        }
        return inputs;
    }

    private static void swap(int[] values, int one, int other) {
        int value = values[one];
        values[one] = values[other];
        values[other] = value;
    }
}
