package io.walnut.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalTest {
    @Test
    void withoutABackendOnThePathOpeningSaysWhatToAdd() {
        WalConfigException e = assertThrows(WalConfigException.class, () -> Wal.open(Path.of("nowhere")));
        assertTrue(e.getMessage().contains("add io.walnut:wal-engine"), e.getMessage());
        assertEquals(WalException.Reason.CONFIG, e.reason());
        assertEquals(1, e.problems().size());
    }

    @Test
    void everyKindOfExceptionHasAReasonAndAnOutcome() {
        for (WalException e : List.of(
                new WalClosedException("closed"),
                new RecordTooLargeException("large"),
                new BackPressureException("full"),
                new UnknownCodecException(WalException.Outcome.REJECTED, "codec"))) {
            assertEquals(WalException.Outcome.REJECTED, e.outcome());
        }
        WalCorruptException corrupt = new WalCorruptException("bad", "0000000001.wal", new Position(1, 4096));
        assertEquals("0000000001.wal", corrupt.file().orElseThrow());
        assertEquals(new Position(1, 4096), corrupt.position().orElseThrow());
        assertEquals(WalException.Reason.CORRUPT, corrupt.reason());
        String all = new WalConfigException(List.of("a: wrong", "b: wrong")).getMessage();
        assertTrue(all.contains("2 problems") && all.contains("a: wrong") && all.contains("b: wrong"), all);
    }
}
