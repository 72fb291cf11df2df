package io.walnut.tck.crash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What campaigns have found stays found, and mended. */
@ExtendWith(Quiet.class)
class ReplayedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                // the model did not know where a record is whose append had failed, but which was recovered
                "mapped-zero-always-lz4|torn+map|SYNC,ROTATE,CROSS,REOPEN,DELETE|10|FULL|28|false",
                // a segment was continued although it had been deleted
                "channel-none-os-none|torn|CLOSE,BATCH,CLOSE,DELETE,CROSS|103|INTERRUPT|65|false",
                // a segment was continued behind a footer whose force had failed, and which a power cut took
                "channel-zero-batch-none|torn|LARGE,REOPEN|169|SHORT_ERROR|31|false",
                "channel-native-always-lz4|strict|SYNC,BATCH,CLOSE,CLOSE|138|ERROR|31|true",
                // an empty segment, which a recovery had removed, was missed by the next because of a witness
                "channel-sparse-batch-zstd|torn|SMALL,REOPEN|101225|SHORT_FULL|21|false",
                // closing without memory left files open
                "channel-native-batch-zstd|ordered|ROTATE,REOPEN,SMALL|1961|MEMORY|33|true",
                // strict refused what a process leaves that dies within a write
                "channel-none-always-lz4|torn|SYNC,ROTATE|20261121|23|kill+0",
                "channel-none-always-none|ext4|STREAM|20261121|23|kill+0",
            })
    void whatACampaignFoundIsMended(String token) {
        CrashReplay.run(token, EngineConfigurations::named, new Tally());
    }

    /** After everything had been deleted the witnesses began anew, and older ones won. */
    @Test
    void damageOfWhatWasDurableAfterADeletionIsFound() {
        Workload workload = Workload.of(Step.DELETE, Step.CROSS, Step.LARGE, Step.DELETE, Step.CLOSE, Step.ASYNC);
        new DamageSuite(EngineConfigurations.named("mapped-zero-always-lz4"), workload, 1915, 997, new Tally()).run();
    }
}
