package io.walnut.tck.cli;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Notes how each rule ended for each configuration. */
final class KitListener implements TestExecutionListener {
    private final KitMatrix matrix;
    private final Terminal terminal;
    private @Nullable TestPlan plan;

    KitListener(KitMatrix matrix, Terminal terminal) {
        this.matrix = matrix;
        this.terminal = terminal;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            note(test, KitMatrix.Outcome.SKIPPED, reason);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String message = result.getThrowable().map(KitListener::tell).orElse("");
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    note(test, KitMatrix.Outcome.PASSED, "");
                }
            }
            case ABORTED -> note(test, KitMatrix.Outcome.SKIPPED, message);
            case FAILED -> note(test, KitMatrix.Outcome.FAILED, message);
        }
    }

    private static String tell(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        boolean told = failure instanceof AssertionError || failure instanceof org.opentest4j.TestAbortedException;
        return told ? message : failure.getClass().getSimpleName() + ": " + message;
    }

    private void note(TestIdentifier test, KitMatrix.Outcome outcome, String message) {
        String rule = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .orElse(test.getDisplayName());
        matrix.note(rule, configuration(test), outcome, message);
        if (terminal.interactive() && outcome == KitMatrix.Outcome.FAILED) {
            terminal.line("failed: " + rule);
        }
    }

    /** The name of the invocation of the suite to which a rule belongs. */
    private String configuration(TestIdentifier test) {
        TestIdentifier at = test;
        while (plan != null) {
            if (at.getUniqueIdObject().getLastSegment().getType().equals("class-template-invocation")) {
                return at.getDisplayName();
            }
            var parent = plan.getParent(at);
            if (parent.isEmpty()) {
                return "";
            }
            at = parent.get();
        }
        return "";
    }
}
