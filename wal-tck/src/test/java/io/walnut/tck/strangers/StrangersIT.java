package io.walnut.tck.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Projects that only use what is published: each passes its kit, and each of its broken variants, whose names begin with a
 * rule, fails that rule.
 */
class StrangersIT {
    private static final Pattern CLASS = Pattern.compile("\\[class(?:-template)?:[\\w.]*?(\\w+)]");
    private static final Pattern BROKEN = Pattern.compile("([A-Z][0-9]{3})\\w+");
    private static final Pattern RULE = Pattern.compile("(required|optional|stochastic)_([A-Z][0-9]{3})_\\w+");

    @TempDir
    Path temp;

    /** How many rules passed, and the failed ones with their messages. */
    private static final class Result {
        private int passed;
        private final Map<String, String> failed = new TreeMap<>();
    }

    @ParameterizedTest
    @CsvSource({
        "run-length-codec, 18, 3",
        "every-bytes-fsync, 7, 2",
        "totals-meter, 11, 2",
        "mvstore-backend, 70, 4",
    })
    void shouldPassItsKitAndItsBrokenVariantsShouldNot(String name, int least, int variants) throws Exception {
        Stranger stranger = Stranger.build(name, temp);
        stranger.compileTests();

        Map<String, Result> honest = resultsOf(stranger.test(".*Test", ".*"));
        assertEquals(1, honest.size(), honest::toString);
        honest.forEach((suite, result) -> {
            assertEquals(Map.of(), result.failed, suite);
            assertTrue(result.passed >= least, () -> suite + " passed only " + result.passed);
        });

        List<String> broken = stranger.testClasses(BROKEN);
        assertEquals(variants, broken.size(), broken::toString);
        String rules = String.join(
                "|", broken.stream().map(each -> each.substring(0, 4)).toList());
        Map<String, Result> results = resultsOf(stranger.test(".*\\.[A-Z][0-9]{3}[A-Za-z]+", ".*_(" + rules + ")_.*"));
        for (String suite : broken) {
            Result result = results.getOrDefault(suite, new Result());
            String message = result.failed.getOrDefault(suite.substring(0, 4), "");
            assertFalse(
                    message.isBlank() || message.startsWith("expected: <true>"),
                    () -> suite + " was not caught with a message by its rule; what did: " + result.failed);
        }
    }

    private static Map<String, Result> resultsOf(Path reports) throws Exception {
        Map<String, Result> results = new TreeMap<>();
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".xml")).toList()) {
                NodeList cases = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(file.toFile())
                        .getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    note(results, (Element) cases.item(i));
                }
            }
        }
        return results;
    }

    private static void note(Map<String, Result> results, Element test) {
        Matcher suite = CLASS.matcher(test.getTextContent());
        assertTrue(suite.find(), test::getTextContent);
        Result result = results.computeIfAbsent(suite.group(1), name -> new Result());
        Matcher rule = RULE.matcher(test.getAttribute("name"));
        String id = rule.lookingAt() ? rule.group(2) : test.getAttribute("name");
        boolean failed = false;
        for (String kind : List.of("failure", "error")) {
            NodeList failures = test.getElementsByTagName(kind);
            for (int i = 0; i < failures.getLength(); i++) {
                failed = true;
                result.failed.put(id, ((Element) failures.item(i)).getAttribute("message"));
            }
        }
        boolean skipped = test.getElementsByTagName("skipped").getLength() > 0;
        result.passed += failed || skipped ? 0 : 1;
    }
}
