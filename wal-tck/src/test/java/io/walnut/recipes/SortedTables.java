package io.walnut.recipes;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Sorted tables in files that are there whole or not at all. A real tree has blocks, checksums and an index in them. */
final class SortedTables {
    private final Path directory;
    private int newest;

    SortedTables(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    /** Reads all of them, the newest first. */
    List<NavigableMap<String, Optional<String>>> load() throws IOException {
        List<NavigableMap<String, Optional<String>>> tables = new ArrayList<>();
        try (Stream<Path> names = Files.list(directory)) {
            for (Path file : names.filter(name -> name.toString().endsWith(".table"))
                    .sorted()
                    .toList()) {
                newest = Integer.parseInt(file.getFileName().toString().substring(0, 10));
                tables.add(read(file));
            }
        }
        Collections.reverse(tables);
        return tables;
    }

    /** When this returns the table is on the device, and newer than all others. */
    void store(NavigableMap<String, Optional<String>> table) throws IOException {
        Path unfinished = directory.resolve("unfinished");
        try (FileChannel file = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(table));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Path name = directory.resolve(String.format("%010d.table", newest + 1));
        Files.move(unfinished, name, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        newest++;
    }

    private static byte[] bytes(NavigableMap<String, Optional<String>> table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (var row : table.entrySet()) {
            out.writeUTF(row.getKey());
            out.writeBoolean(row.getValue().isPresent());
            out.writeUTF(row.getValue().orElse(""));
        }
        return bytes.toByteArray();
    }

    private static NavigableMap<String, Optional<String>> read(Path file) throws IOException {
        NavigableMap<String, Optional<String>> table = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            while (true) {
                String key = in.readUTF();
                boolean there = in.readBoolean();
                String value = in.readUTF();
                table.put(key, there ? Optional.of(value) : Optional.empty());
            }
        } catch (EOFException e) {
            return table;
        }
    }
}
