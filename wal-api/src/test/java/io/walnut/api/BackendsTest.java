package io.walnut.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which backend is found, where a class loader offers several. */
class BackendsTest {
    @TempDir
    Path temporary;

    /** A backend of which no log is opened. */
    abstract static class Named implements WalProvider {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Wal open(WalConfig config) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Wal openReadOnly(WalConfig config) {
            throw new UnsupportedOperationException();
        }
    }

    public static final class Tape extends Named {
        public Tape() {
            super("tape");
        }
    }

    public static final class OtherTape extends Named {
        public OtherTape() {
            super("tape");
        }
    }

    public static final class Paper extends Named {
        public Paper() {
            super("paper");
        }
    }

    @Test
    void theOneThatIsNamedIsFoundAlsoIfItIsSeenTwice() throws Exception {
        assertInstanceOf(Tape.class, find("tape", List.of(List.of(Paper.class, Tape.class), List.of(Tape.class))));
    }

    @Test
    void theSameNameTwiceNamesBothPlaces() {
        for (String wanted : List.of("tape", "paper")) {
            WalConfigException e = assertThrows(
                    WalConfigException.class,
                    () -> find(wanted, List.of(List.of(Tape.class, Paper.class), List.of(OtherTape.class))));
            assertEquals(1, e.problems().size(), e::getMessage);
            String place = Tape.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString();
            String two = "wal.backend: two backends are called 'tape': ";
            assertTrue(e.getMessage().startsWith(two), e::getMessage);
            for (Class<?> each : List.of(Tape.class, OtherTape.class)) {
                assertTrue(e.getMessage().contains(each.getName() + " from " + place), e::getMessage);
            }
        }
    }

    @Test
    void aMissingOneNamesWhatIsThereAndWhatToAdd() {
        String engine = assertThrows(WalConfigException.class, () -> find("engine", List.of(List.of(Tape.class))))
                .getMessage();
        assertTrue(engine.contains("there is no backend 'engine'; available: tape; add io.walnut:wal-engine"), engine);
        String stone = assertThrows(
                        WalConfigException.class, () -> find("stone", List.of(List.of(Tape.class, Paper.class))))
                .getMessage();
        assertTrue(stone.contains("'stone'; available: tape, paper; add the artifact that brings it"), stone);
    }

    /** Looks for a backend with a context class loader that finds the classes of each list in a place of its own. */
    private WalProvider find(String wanted, List<List<Class<? extends WalProvider>>> places) throws IOException {
        URL[] urls = new URL[places.size()];
        for (int i = 0; i < urls.length; i++) {
            Path place = temporary.resolve("place" + i);
            Path services = Files.createDirectories(place.resolve("META-INF/services"));
            Files.write(
                    services.resolve(WalProvider.class.getName()),
                    places.get(i).stream().map(Class::getName).toList());
            urls[i] = place.toUri().toURL();
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            thread.setContextClassLoader(loader);
            return Backends.find(WalConfig.from(Map.of(WalConfig.BACKEND, wanted)));
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
