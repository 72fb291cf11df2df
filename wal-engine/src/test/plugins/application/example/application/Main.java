package example.application;

import io.walnut.api.Position;
import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalReader;
import io.walnut.api.WalRecord;
import java.util.Map;

/** An application that knows the API alone. Arguments: the directory, then keys and values. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Map<String, String> values = new java.util.TreeMap<>();
        values.put("wal.dir", arguments[0]);
        for (int i = 1; i < arguments.length; i += 2) {
            values.put(arguments[i], arguments[i + 1]);
        }
        WalConfig config = WalConfig.from(values);
        try (Wal wal = Wal.open(config)) {
            wal.append(WalRecord.put("key".getBytes(), new byte[100]));
        }
        try (Wal wal = Wal.open(config);
                WalReader reader = wal.read(Position.START)) {
            while (reader.next()) {
                System.out.println("read " + reader.value().remaining() + " bytes of " + reader.record());
            }
            System.out.println("module " + Wal.class.getModule().getName() + " on " + Runtime.version().feature()
                    + ", " + wal.segments().get(0).bytes() + " bytes");
        }
    }
}
