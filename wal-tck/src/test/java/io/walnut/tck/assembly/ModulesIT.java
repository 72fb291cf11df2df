package io.walnut.tck.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every jar says what module it is, exports its API alone, and requires nothing that it should not. */
class ModulesIT {
    @ParameterizedTest
    @CsvSource({
        "wal-api, io.walnut.api, io.walnut.api, ''",
        "wal-spi, io.walnut.spi, io.walnut.spi io.walnut.spi.config, io.walnut.api jakarta.inject",
        "wal-engine, io.walnut.engine, io.walnut.engine, io.walnut.spi",
        "wal-codec-lz4, io.walnut.codec.lz4, io.walnut.codec.lz4, io.walnut.spi org.lz4.java",
        "wal-codec-zstd, io.walnut.codec.zstd, io.walnut.codec.zstd, io.walnut.spi com.github.luben.zstd_jni",
        "wal-otel, io.walnut.otel, io.walnut.otel, io.opentelemetry.api io.walnut.spi"
    })
    void aJarIsAModule(String artifact, String name, String exports, String requires) throws IOException {
        Path jar = jar(artifact);
        ModuleDescriptor module = ModuleFinder.of(jar).find(name).orElseThrow().descriptor();
        assertFalse(module.isAutomatic());
        assertEquals(
                words(exports),
                module.exports().stream()
                        .filter(each -> !each.isQualified())
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toCollection(TreeSet::new)));
        Set<String> required = module.requires().stream()
                .filter(each -> !each.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .filter(each -> !each.equals("java.base"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(words(requires), required);
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(writer, writer, "--describe-module", "--file", jar.toString());
        assertEquals(0, status, said.toString());
        assertTrue(said.toString().contains(name), said.toString());
        System.out.print(said);
    }

    private static Set<String> words(String text) {
        return text.isBlank()
                ? new TreeSet<>()
                : new TreeSet<>(Set.of(text.trim().split(" +")));
    }

    private static Path jar(String artifact) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", artifact, "target"))) {
            return files.filter(file -> file.getFileName().toString().matches(artifact + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
