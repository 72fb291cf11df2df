package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.walnut.api.WalConfig;
import io.walnut.engine.EngineProvider;
import io.walnut.tck.disk.DiskProfile;
import io.walnut.tck.kit.Daily;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a log deletes by itself is no loss, whichever key made it delete. */
@ExtendWith(Quiet.class)
class RetainingTest {
    private static final List<String> WORKLOADS = List.of(
            "SMALL,ROTATE,SMALL,ELAPSE",
            "SMALL,ROTATE,CHECKPOINT,SMALL,ELAPSE",
            "ROTATE,SMALL,CHECKPOINT,ELAPSE,REOPEN");

    @ParameterizedTest
    @CsvSource({
        "wal.retention.bytes, 60000, true",
        "wal.retention.bytes, 0B, false",
        "wal.retention.age, 1s, true",
        "wal.retention.age, 0s, false",
        "wal.retention.expired, true, true",
        "wal.retention.checkpoints, delete, true",
        "wal.retention.checkpoints, hold, false",
        "wal.retention.interval, 1s, false",
    })
    void shouldKnowWhatTheLogMayDelete(String key, String value, boolean deletes) {
        CrashSubject subject = new ConfiguredSubject(
                "retaining",
                new EngineProvider(),
                WalConfig.builder(Path.of("simulated")).set(key, value).build());
        for (String steps : Daily.share(RetainingTest.class, WORKLOADS, 1, 0)) {
            new PowerCutSuite(subject, DiskProfile.EXT4, Workload.parse(steps), 1, Effort.QUICK, new Tally()).run();
        }
        assertEquals(deletes, subject.retains());
    }
}
