package io.walnut.tck.cli;

import io.walnut.tck.kit.Configuration;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How each rule ended for each configuration. */
final class KitMatrix {
    /** How a rule ended. */
    enum Outcome {
        PASSED("ok"),
        FAILED("FAIL"),
        SKIPPED("skip");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * One cell.
     *
     * @param outcome how the rule ended
     * @param message why, unless it passed
     */
    record Cell(Outcome outcome, String message) {}

    private static final Cell NOT_RUN = new Cell(Outcome.SKIPPED, "not run");

    private final List<String> configurations;
    private final RuleBook book = RuleBook.load();
    private final Map<String, Map<String, Cell>> rows = new TreeMap<>();

    KitMatrix(List<Configuration> configurations) {
        this.configurations = configurations.stream().map(Configuration::name).toList();
    }

    /** Notes how a rule ended; the worse outcome of two counts. */
    synchronized void note(String method, String configuration, Outcome outcome, String message) {
        Map<String, Cell> row = rows.computeIfAbsent(RuleBook.idOf(method), id -> new LinkedHashMap<>());
        for (String column : configuration.isEmpty() ? configurations : List.of(configuration)) {
            Cell before = row.get(column);
            if (before == null || before.outcome() != Outcome.FAILED) {
                row.put(column, new Cell(outcome, message));
            }
        }
    }

    List<String> configurations() {
        return configurations;
    }

    List<String> rules() {
        return List.copyOf(rows.keySet());
    }

    Cell cell(String rule, String configuration) {
        return rows.getOrDefault(rule, Map.of()).getOrDefault(configuration, NOT_RUN);
    }

    String sentence(String rule) {
        return book.sentence(rule);
    }

    String hint(String rule) {
        return book.hint(rule);
    }

    private long count(Outcome outcome) {
        return rows.values().stream()
                .flatMap(row -> row.values().stream())
                .filter(cell -> cell.outcome() == outcome)
                .count();
    }

    /** Whether something was tried, and nothing failed. */
    boolean passed() {
        return count(Outcome.PASSED) > 0 && count(Outcome.FAILED) == 0;
    }

    String summary() {
        if (rows.isEmpty()) {
            return "FAILED: no rule was run; look at --tags";
        }
        return (passed() ? "PASSED: " : "FAILED: ") + Human.count(rows.size(), "rule") + " over "
                + Human.count(configurations.size(), "configuration") + ": " + count(Outcome.PASSED) + " passed, "
                + count(Outcome.FAILED) + " failed, " + count(Outcome.SKIPPED) + " skipped";
    }

    void print(PrintWriter out) {
        Table table = new Table(Stream.concat(Stream.of("rule", "what it is about"), configurations.stream())
                .toArray(String[]::new));
        for (String rule : rows.keySet()) {
            List<Object> row = new ArrayList<>(List.of(rule, sentence(rule)));
            configurations.forEach(each -> row.add(cell(rule, each).outcome().text()));
            table.row(row.toArray());
        }
        table.print(out);
        skipped().forEach((reason, rules) -> out.println("skipped: " + reason + ": " + String.join(" ", rules)));
        for (String rule : rows.keySet()) {
            for (String each : configurations) {
                Cell cell = cell(rule, each);
                if (cell.outcome() == Outcome.FAILED) {
                    out.println();
                    out.println("FAILED " + rule + " (" + sentence(rule) + ") with " + each);
                    cell.message().lines().forEach(line -> out.println("  " + line));
                    out.println("  look at " + hint(rule));
                }
            }
        }
    }

    private Map<String, Set<String>> skipped() {
        Map<String, Set<String>> reasons = new TreeMap<>();
        rows.forEach((rule, row) -> row.values().stream()
                .filter(cell -> cell.outcome() == Outcome.SKIPPED)
                .forEach(cell -> reasons.computeIfAbsent(cell.message(), reason -> new TreeSet<>())
                        .add(rule)));
        return reasons;
    }
}
