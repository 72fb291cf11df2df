package io.walnut.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.walnut.tck.crash.toy.Flaw;
import io.walnut.tck.kit.Daily;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deliberately broken logs: each breaks a rule, and the kit says which. */
@ExtendWith(Quiet.class)
class CrashKitCatchesTest {
    private static final int PERCENT = 33;

    static List<Flaw> flaws() {
        List<Flaw> all =
                Stream.of(Flaw.values()).filter(flaw -> flaw != Flaw.NONE).toList();
        return Daily.share(CrashKitCatchesTest.class, all, 1, PERCENT);
    }

    static List<Lie> lies() {
        return Daily.share(CrashKitCatchesTest.class, List.of(Lie.values()), 1, PERCENT);
    }

    @Test
    void aLogWithoutAFlawPasses() {
        Battery battery = new Battery(promise -> new ToySubject(Flaw.NONE, promise));
        battery.run();
        System.out.println("a small log without a flaw: " + battery);
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void aFlawIsCaught(Flaw flaw) {
        Battery battery = new Battery(promise -> new ToySubject(flaw, promise));
        Rule expected = switch (flaw) {
            case NONE -> throw new IllegalArgumentException();
            case FORCES_NOTHING, FORCES_WITH_THE_NEXT_APPEND -> Rule.FORCED_BEFORE_ACKNOWLEDGED;
            case CLOSES_WITHOUT_FORCE, APPENDS_BEHIND_A_TORN_TAIL -> Rule.DURABLE;
            case NAMES_WITHOUT_DIRECTORY_FORCE -> Rule.NAMED_BEFORE_ACKNOWLEDGED;
            case RENAMES_BEFORE_FORCE -> Rule.FORCED_BEFORE_RENAMED;
            case FORCES_NEEDLESSLY -> Rule.NO_NEEDLESS_FORCE;
            case RETRIES_A_FAILED_FORCE -> Rule.FAIL_STOP;
            case APPENDS_IN_PLACE_WITHOUT_LINKS, REUSES_NUMBERS -> Rule.POSITIONS;
            case RECOVERS_WITHOUT_FORCE -> Rule.RECOVERED_IS_DURABLE;
            case TAKES_DAMAGE_FOR_THE_END -> Rule.INTEGRITY;
            case CONTINUES_AFTER_DAMAGE, DELETES_WITHOUT_A_MARK -> Rule.DELETION;
            case BATCHES_WITHOUT_AN_END -> Rule.ATOMIC;
            case CHECKS_NO_BODIES -> Rule.PREFIX;
            case BELIEVES_LENGTHS, TAKES_READ_ERRORS_FOR_THE_END -> Rule.OPENS;
            case REPORTS_WRONGLY -> Rule.REPORT;
            case REJECTS_WHAT_IT_WROTE -> Rule.REJECTED_STAYS_OUT;
            case TELLS_NO_OUTCOME -> Rule.ONE_OUTCOME;
            case LOCKS_NOTHING -> Rule.EXCLUSION;
            case LEAVES_FILES_OPEN -> Rule.RESOURCES;
        };
        catches(expected, flaw, battery::run);
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aLieIsCaught(Lie lie) {
        Battery battery = new Battery(promise -> new LyingSubject(lie, promise));
        switch (lie) {
            case FORCES_NOTHING -> catches(Rule.FORCED_BEFORE_ACKNOWLEDGED, lie, battery::crashes);
            case FORCES_ONLY_LATER, FORCES_AFTER_RENAMING -> catches(Rule.FORCED_BEFORE_RENAMED, lie, battery::crashes);
            case FORCES_NO_DIRECTORY -> catches(Rule.NAMED_BEFORE_ACKNOWLEDGED, lie, battery::crashes);
            case FORCES_NO_STATE -> catches(Rule.OPENS, lie, battery::crashes);
            case FORCES_NO_CHECKPOINTS -> catches(Rule.CHECKPOINTS, lie, battery::upkeep);
            case FORCES_NOTHING_WHILE_RECOVERING -> catches(Rule.RECOVERED_IS_DURABLE, lie, battery::crashes);
            case FORCES_AT_EVERY_WRITE -> catches(Rule.NO_NEEDLESS_FORCE, lie, battery::crashes);
            case HOLDS_WRITES_BACK, FLIPS_A_BIT -> catches(Rule.READABLE, lie, battery::crashes);
            case SWALLOWS_FAILED_FORCES, RETRIES_FAILED_FORCES -> catches(Rule.FAIL_STOP, lie, battery::faults);
            case SWALLOWS_FULL_DISKS, TAKES_READ_ERRORS_FOR_THE_END -> catches(Rule.OPENS, lie, battery::faults);
            case CLEARS_INTERRUPTS -> catches(Rule.ONE_OUTCOME, lie, battery::faults);
            case LEAVES_FILES_OPEN -> catches(Rule.ONE_OUTCOME, lie, battery::crashes);
            case LOCKS_NOTHING -> catches(Rule.EXCLUSION, lie, battery::exclusion);
        }
    }

    @Test
    void anArchiveThatIsNotForcedIsCaught() {
        Battery honest = new Battery(promise -> EngineConfigurations.archiving(UnaryOperator.identity()));
        honest.upkeep();
        Battery battery = new Battery(
                promise -> EngineConfigurations.archiving(disk -> new LyingStorage(disk, Lie.FORCES_NO_DIRECTORY)));
        catches(Rule.ARCHIVED, Lie.FORCES_NO_DIRECTORY, battery::upkeep);
    }

    private static void catches(Rule expected, Enum<?> what, Runnable battery) {
        CrashViolation caught = assertThrows(CrashViolation.class, battery::run, () -> what + " was not caught");
        assertEquals(expected, caught.rule(), () -> what + " was caught as: " + caught.getMessage());
    }
}
