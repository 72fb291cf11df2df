package io.walnut.engine.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckSolverTest {
    private static final long SEED = 2311;

    @Test
    void findsTheInputThatACheckWasMadeWith() {
        Random random = new Random(SEED);
        Frame.Checker checker = new Frame.Checker();
        CheckSolver solver = new CheckSolver();
        for (int i = 0; i < 1000; i++) {
            long salt = random.nextLong();
            long offset = random.nextInt() & 0x7FFF_FFF8;
            long sequence = random.nextLong() >>> 1;
            int length = random.nextInt() >>> 1;
            int kind = random.nextInt();
            int crc = random.nextInt();
            int before = random.nextInt();
            int check = checker.check(salt, offset, sequence, length, kind, crc, before);
            String trial = "seed " + SEED + ", trial " + i;
            assertEquals(before, solver.previous(salt, offset, sequence, length, kind, crc, check), trial);
            long near = sequence & 0xFFFF_FFFF_0000_0000L;
            assertEquals(sequence, solver.sequence(salt, offset, near, length, kind, crc, before, check), trial);
            long same = solver.salt(offset, sequence, length, kind, crc, before, check);
            assertEquals(
                    checker.check(salt, offset + 8, sequence + 1, 40, 7, 3, check),
                    checker.check(same, offset + 8, sequence + 1, 40, 7, 3, check),
                    trial);
        }
    }
}
