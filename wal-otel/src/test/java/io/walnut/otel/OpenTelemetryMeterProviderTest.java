package io.walnut.otel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.walnut.spi.Meter;
import io.walnut.spi.MeterProvider;
import io.walnut.spi.Metrics;
import io.walnut.spi.PluginContext;
import io.walnut.spi.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryMeterProviderTest {
    private final OpenTelemetryMeterProvider provider = new OpenTelemetryMeterProvider();
    private final Totals totals = new Totals("orders", "").set(Metrics.FSYNCS, 7);

    @BeforeEach
    @AfterEach
    void forgetTheGlobalInstance() {
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void shouldReportToTheGlobalInstanceOfTheTimeWhenALogIsOpened() {
        Meter meter = create();
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .buildAndRegisterGlobal()) {
            meter.attach(totals);

            assertTrue(reader.collectAllMetrics().stream()
                    .anyMatch(metric -> metric.getName().equals("wal.fsyncs")));
        }
    }

    @Test
    void shouldNeitherNeedNorSetAGlobalInstance() {
        create().attach(totals).close();
        assertFalse(GlobalOpenTelemetry.isSet());
    }

    @Test
    void shouldNotReportSingleForcesUnlessToldTo() {
        assertEquals("false", provider.config().keys().get(0).defaultText());
    }

    @Test
    void shouldLetAContainerInjectWhatToReportTo() {
        List<Constructor<?>> injectable = Stream.<Constructor<?>>of(OpenTelemetryMeter.class.getConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(Inject.class))
                .toList();
        assertEquals(1, injectable.size());
    }

    @Test
    void shouldBeFoundByItsName() {
        assertEquals(
                "otel",
                OpenTelemetryMeterProvider.class.getAnnotation(Named.class).value());
        assertEquals("otel", provider.name());
        assertEquals(
                1,
                ServiceLoader.load(MeterProvider.class).stream()
                        .filter(found -> found.type().equals(OpenTelemetryMeterProvider.class))
                        .count());
    }

    @Test
    void shouldBeProvidedAlikeByTheModuleAndOnTheClassPath() throws IOException {
        assertEquals(List.of(OpenTelemetryMeterProvider.class.getName()), providedByTheModule());
        assertEquals(providedByTheModule(), providedOnTheClassPath());
    }

    private Meter create() {
        return provider.create(
                Settings.defaultsOf(provider.config()),
                new PluginContext(Path.of("unused"), "orders", "", Clock.systemUTC()));
    }

    private static List<String> providedByTheModule() throws IOException {
        try (InputStream in = resource("module-info.class")) {
            return ModuleDescriptor.read(in).provides().stream()
                    .filter(provides -> provides.service().equals(MeterProvider.class.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
        }
    }

    private static List<String> providedOnTheClassPath() throws IOException {
        try (InputStream in = resource("META-INF/services/" + MeterProvider.class.getName())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Of this module's own output: other modules on the class path have resources of the same names. */
    private static InputStream resource(String name) throws IOException {
        URI output = URI.create(OpenTelemetryMeterProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        return output.resolve(name).toURL().openStream();
    }
}
