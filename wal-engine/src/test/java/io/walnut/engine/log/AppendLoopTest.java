package io.walnut.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.walnut.api.WalException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AppendLoopTest {
    private final Appender appender = mock(Appender.class);
    private final AppendLoop loop = new AppendLoop(
            appender,
            mock(SpaceKeeper.class),
            mock(Drain.class),
            mock(Committer.class),
            mock(Patience.class),
            Long.MAX_VALUE);
    private final AppendBuffer buffer = new AppendBuffer();

    @Test
    void anAppendThatNothingCanHelpFailsWithWhatItSaw() {
        buffer.clear();
        when(appender.tryToAppend(any())).thenReturn(Appender.LACKS_SPACE);
        when(appender.room()).thenReturn(room(4096));

        WalException failure = assertThrows(WalException.class, () -> loop.append(buffer, true));

        assertEquals(WalException.Outcome.REJECTED, failure.outcome());
        assertTrue(String.valueOf(failure.getMessage()).contains("reserved=65536"), failure::toString);
    }

    @Test
    void anAppendGoesOnAsLongAsOthersMakeProgress() {
        buffer.clear();
        AtomicInteger tail = new AtomicInteger();
        when(appender.tryToAppend(any())).thenAnswer(call -> tail.get() < 100_000 ? Appender.LACKS_SPACE : 0);
        when(appender.room()).thenAnswer(call -> room(tail.addAndGet(8)));

        assertEquals(0, loop.append(buffer, true));
    }

    private static Appender.Room room(int tail) {
        return new Appender.Room(1, tail, 65536, 60000, 0, 0, 0, 0);
    }
}
