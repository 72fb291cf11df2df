package io.walnut.tck.crash;

import io.walnut.tck.disk.Operation;
import java.util.List;
import java.util.stream.Collectors;

/** A log broke a rule. */
public final class CrashViolation extends AssertionError {
    private static final long serialVersionUID = 1L;
    private static final int TAIL = 40;

    private final Rule rule;
    private final String replay;

    /**
     * A broken rule.
     *
     * @param rule which
     * @param message what was expected, what was found, and how to see it again
     */
    public CrashViolation(Rule rule, String message) {
        this(rule, message, "");
    }

    private CrashViolation(Rule rule, String message, String replay) {
        super(message.startsWith(rule.id()) ? message : rule.id() + " " + rule + ": " + message);
        this.rule = rule;
        this.replay = replay;
    }

    CrashViolation(Rule rule, String message, Throwable cause) {
        this(rule, message);
        initCause(cause);
    }

    /** {@return the rule that was broken} */
    public Rule rule() {
        return rule;
    }

    /** {@return what {@link CrashReplay} takes to see this alone; empty if it is not known} */
    public String replay() {
        return replay;
    }

    /** {@return the last of what was done to a disk, a line for each} */
    static String tail(List<Operation> trace) {
        return trace.stream()
                .skip(Math.max(0, trace.size() - TAIL))
                .map(each -> "\n    " + each)
                .collect(Collectors.joining());
    }

    /** {@return the same, told where it happened} */
    CrashViolation at(String context) {
        return at(context, replay);
    }

    /** {@return the same, told where it happened and how to see it again} */
    CrashViolation at(String context, String token) {
        CrashViolation located = new CrashViolation(rule, getMessage() + "\n" + context, token);
        located.setStackTrace(getStackTrace());
        located.initCause(getCause());
        return located;
    }
}
