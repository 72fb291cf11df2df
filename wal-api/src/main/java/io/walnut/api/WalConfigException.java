package io.walnut.api;

import java.util.List;

/** A configuration, or what a log of a group is to be called, is wrong. All of its problems are told at once. */
public class WalConfigException extends WalException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an immutable list of the JDK's, which is serializable
    private final List<String> problems;

    /**
     * Everything that is wrong.
     *
     * @param problems one sentence each, with the key it is about, if it is about one; not empty
     */
    public WalConfigException(List<String> problems) {
        super(Reason.CONFIG, Outcome.NONE, message(problems), null);
        this.problems = List.copyOf(problems);
    }

    /** {@return everything that is wrong, one sentence each} */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        return problems.size() == 1
                ? problems.get(0)
                : problems.size() + " problems in the configuration:\n  - " + String.join("\n  - ", problems);
    }
}
