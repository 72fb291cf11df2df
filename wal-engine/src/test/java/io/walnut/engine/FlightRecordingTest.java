package io.walnut.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.walnut.api.Wal;
import io.walnut.api.WalConfig;
import io.walnut.api.WalConfigException;
import io.walnut.api.WalException;
import io.walnut.engine.meter.JfrMeterProvider;
import io.walnut.engine.storage.MemoryStorage;
import io.walnut.spi.FsyncStrategy;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {
    @TempDir
    Path directory;

    private Map<String, List<RecordedEvent>> recorded(Runnable work) throws IOException {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        Map<String, List<RecordedEvent>> byName = new TreeMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            String name = event.getEventType().getName();
            if (name.startsWith("io.walnut.")) {
                byName.computeIfAbsent(name, none -> new ArrayList<>()).add(event);
            }
        }
        return byName;
    }

    @Test
    void aRecordingShowsForcesRotationsStallsAndTheOpening() throws IOException {
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            WalConfig config = WalConfig.builder(directory.resolve("log"))
                    .set("wal.name", "orders")
                    .set("wal.meter", "jfr")
                    .set("wal.fsync", "os")
                    .set("wal.segment.bytes", "64KiB")
                    .build();
            try (Wal wal = Wal.open(config)) {
                for (int i = 0; i < 50; i++) {
                    wal.append(new byte[8], new byte[4000]);
                }
                wal.sync();
            }
        });
        RecordedEvent opened = events.get("io.walnut.Recovery").get(0);
        assertEquals("orders", opened.getString("log"));
        assertTrue(opened.getBoolean("clean"));
        long bytes = events.get("io.walnut.Fsync").stream()
                .mapToLong(event -> event.getLong("bytes"))
                .sum();
        assertTrue(bytes > 200_000, "forced " + bytes);
        assertFalse(events.get("io.walnut.Fsync").get(0).getDuration("took").isZero());
        assertEquals(
                List.of(1L, 2L, 3L),
                events.get("io.walnut.Rotation").stream()
                        .map(event -> event.getLong("segment"))
                        .sorted() // a recording keeps the order of each thread only
                        .toList());
        RecordedEvent stall = events.get("io.walnut.Stall").get(0);
        assertEquals("space", stall.getString("cause"));
        assertFalse(stall.getDuration("took").isZero());
        assertFalse(events.containsKey("io.walnut.Failure"));
    }

    @Test
    void aRecordingShowsWhyALogStopped() throws IOException {
        WatchedStorage storage = new WatchedStorage(new MemoryStorage("memory"));
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            Wal wal = Engine.builder(directory)
                    .storage(storage)
                    .fsync((pending, own) -> FsyncStrategy.NOW)
                    .meter(new JfrMeterProvider()
                            .create(
                                    Settings.defaultsOf(new JfrMeterProvider().config()),
                                    new PluginContext(directory, "log", "", Clock.systemUTC())))
                    .open();
            wal.append(new byte[1], new byte[1]);
            storage.hook = (operation, file) -> {
                if (operation.equals("force")) {
                    throw new IOException("device gone");
                }
            };
            assertThrows(WalException.class, () -> wal.append(new byte[1], new byte[1]));
            assertThrows(WalException.class, wal::close);
        });
        assertEquals(
                "java.io.IOException: device gone",
                events.get("io.walnut.Failure").get(0).getString("cause"));
    }

    @Test
    void withoutTheModuleOfTheRecorderThisMeterSaysWhatToDoAndAllElseWorks() throws Exception {
        List<String> command =
                Children.command(WithoutRecorder.class, directory.resolve("log").toString());
        command.addAll(1, List.of("--limit-modules", "java.base,java.logging"));
        Process process = Children.start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("recorder false"), said);
        assertTrue(said.contains("without it: 1 record"), said);
        assertTrue(said.contains("wal.meter: 'jfr' cannot be used: "), said);
        assertTrue(said.contains("the module jdk.jfr is not there"), said);
        assertTrue(said.contains("start it with --add-modules jdk.jfr"), said);
    }

    /** A life in a JDK without a flight recorder. */
    static final class WithoutRecorder {
        public static void main(String[] arguments) {
            System.out.println(
                    "recorder " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
            WalConfig.Builder config = WalConfig.builder(Path.of(arguments[0])).set("wal.meter", "log");
            try (Wal wal = Wal.open(config.build())) {
                wal.append(new byte[1], new byte[1]);
            }
            try (Wal wal = Wal.open(config.build())) {
                System.out.println("without it: " + wal.recovery().records() + " record");
            }
            try (Wal wal = Wal.open(config.set("wal.meter", "jfr").build())) {
                System.out.println("opened");
            } catch (WalConfigException e) {
                e.problems().forEach(System.out::println);
            }
        }
    }
}
