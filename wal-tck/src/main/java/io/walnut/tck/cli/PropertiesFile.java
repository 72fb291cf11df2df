package io.walnut.tck.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The content of a properties file in UTF-8.
 *
 * @param values by key
 * @param repeated the keys that stand in it more than once, of which the last counts
 */
record PropertiesFile(Map<String, String> values, List<String> repeated) {
    /** Some editors begin a file with it. */
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Reads a file.
     *
     * @throws BadInputException if it is no such file
     */
    static PropertiesFile read(Path file) {
        Collector collector = new Collector();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            reader.mark(1);
            if (reader.read() != BYTE_ORDER_MARK) {
                reader.reset();
            }
            collector.load(reader);
        } catch (NoSuchFileException e) {
            throw new BadInputException("there is no file " + file + "; give the path of a properties file");
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + " is not in UTF-8; save it as such");
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + " is no properties file: " + e.getMessage());
        } catch (IOException e) {
            throw new BadInputException("the file " + file + " cannot be read: " + e);
        }
        return new PropertiesFile(collector.values, List.copyOf(collector.repeated));
    }

    /** Sees every key as it is loaded. */
    private static final class Collector extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, String> values = new TreeMap<>();
        private final transient TreeSet<String> repeated = new TreeSet<>();

        @Override
        public synchronized Object put(Object key, Object value) {
            if (values.put(key.toString(), value.toString()) != null) {
                repeated.add(key.toString());
            }
            return value;
        }
    }
}
