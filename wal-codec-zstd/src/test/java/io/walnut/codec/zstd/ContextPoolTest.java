package io.walnut.codec.zstd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextPoolTest {
    private static final class Context {
        private boolean closed;
    }

    private final ContextPool<Context> pool = new ContextPool<>(Context::new, context -> context.closed = true);

    @Test
    void shouldHandOutAgainWhatWasGivenBack() {
        Context context = pool.take();
        pool.giveBack(context, true);
        assertSame(context, pool.take());
        assertFalse(context.closed);
    }

    @Test
    void shouldNeverHandOutOneContextTwice() {
        assertNotSame(pool.take(), pool.take());
    }

    @Test
    void shouldCloseWhatIsNotToBeUsedAgain() {
        Context context = pool.take();
        pool.giveBack(context, false);
        assertTrue(context.closed);
        assertNotSame(context, pool.take());
    }

    @Test
    void shouldKeepNoMoreThanItsCapacity() {
        List<Context> many = new ArrayList<>();
        for (int i = 0; i < 3 * ContextPool.CAPACITY; i++) {
            many.add(pool.take());
        }
        many.forEach(context -> pool.giveBack(context, true));
        assertEquals(
                2 * ContextPool.CAPACITY,
                many.stream().filter(context -> context.closed).count());
    }
}
