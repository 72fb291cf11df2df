package io.walnut.tck.crash;

/** A log broke a rule. */
public final class CrashViolation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /**
     * A broken rule.
     *
     * @param rule which
     * @param message what was expected, what was found, and how to see it again
     */
    public CrashViolation(Rule rule, String message) {
        super(message.startsWith(rule.id()) ? message : rule.id() + " " + rule + ": " + message);
        this.rule = rule;
    }

    CrashViolation(Rule rule, String message, Throwable cause) {
        this(rule, message);
        initCause(cause);
    }

    /** {@return the rule that was broken} */
    public Rule rule() {
        return rule;
    }

    /** {@return the same, told where it happened} */
    CrashViolation at(String context) {
        CrashViolation located = new CrashViolation(rule, getMessage() + "\n" + context);
        located.setStackTrace(getStackTrace());
        located.initCause(getCause());
        return located;
    }
}
