package io.walnut.tck.crash;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Opens logs whose files were edited in any way, with and without checks computed anew. The build repeats what stands in
 * the resources; {@code -Dwalnut.fuzz=1 -Dtest=OpenFuzzTest} looks for more.
 */
@ExtendWith(Quiet.class)
class OpenFuzzTest {
    private static final String CONFIGURATION = "channel-zero-always-lz4";
    private static final List<Map<String, byte[]>> LOGS = List.of(
            HostileFiles.of(CONFIGURATION, Workload.parse("SMALL,BATCH,CROSS,SYNC,SMALL")),
            HostileFiles.of(CONFIGURATION, Workload.parse("SMALL,CROSS,REOPEN,SMALL,CLOSE")),
            HostileFiles.of(CONFIGURATION, Workload.parse("SMALL,REOPEN,BATCH,DELETE,SMALL")));

    @FuzzTest(maxDuration = "30m")
    void opensOrRefuses(FuzzedDataProvider data) {
        Map<String, byte[]> files = new TreeMap<>(data.pickValue(LOGS));
        for (int edits = data.consumeInt(1, 8); edits > 0 && data.remainingBytes() > 0; edits--) {
            edit(data, files);
        }
        HostileFiles.use(EngineConfigurations.named(CONFIGURATION), files);
    }

    private static void edit(FuzzedDataProvider data, Map<String, byte[]> files) {
        List<String> names = new ArrayList<>(files.keySet());
        String name = data.pickValue(names);
        byte[] content = files.getOrDefault(name, new byte[0]).clone();
        int at = data.consumeInt(0, Math.max(0, content.length - 1));
        switch (data.consumeInt(0, 6)) {
            case 0 -> files.remove(name);
            case 1 -> files.put(name, Arrays.copyOf(content, at));
            case 2 -> files.put(data.pickValue(names), content);
            case 3 -> files.put(String.format("%010d.wal", data.consumeInt(0, 12)), content);
            default -> {
                byte[] bytes = data.consumeBytes(data.consumeInt(1, 64));
                System.arraycopy(bytes, 0, content, at, Math.min(bytes.length, content.length - at));
                files.put(name, data.consumeBoolean() ? Resealed.file(name, content) : content);
            }
        }
        if (files.isEmpty()) {
            files.put(name, content);
        }
    }
}
