package io.guestflow.processor.sandbox.demo;

import static io.guestflow.processor.sandbox.demo.Results.authenticated;
import static io.guestflow.processor.sandbox.demo.Results.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ContextDrop.Reason;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.processor.sandbox.demo.Account.Given;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final ContextDrop CAMPAIGN = new ContextDrop("campaign", Reason.LOOKS_LIKE_EMAIL);
    private static final ContextDrop FIRST = new ContextDrop("unknown#1", Reason.NOT_ALLOWED);
    private static final ContextDrop SECOND = new ContextDrop("unknown#2", Reason.NOT_ALLOWED);

    @Test
    void whatIsAsItMustBeHasNoProblem() {
        assertEquals(List.of(), problems(GuestKind.GOOD, finals(authenticated(1))));
        assertEquals(
                List.of(), problems(GuestKind.NO_CONSENT, finals(refused(1, ErrorCode.CONSENT_REQUIRED, "", null))));
        assertEquals(
                List.of(), problems(GuestKind.PERSONAL_CONTEXT, finals(authenticated(1, SECOND, CAMPAIGN, FIRST))));
        assertEquals(
                List.of(),
                problems(GuestKind.BURST_HURRIED, finals(refused(1, ErrorCode.RATE_LIMITED, "", 2), authenticated(2))));
        assertEquals(
                List.of(),
                problems(
                        GuestKind.REPEAT_ANSWERED,
                        List.of(new Given(authenticated(1), false), new Given(authenticated(1), true))));
    }

    @Test
    void aMissingResultIsFound() {
        assertEquals(List.of("no result for attempt 1"), problems(GuestKind.GOOD, List.of()));
        assertEquals(
                List.of("no result for attempt 2"),
                problems(GuestKind.BURST_HURRIED, finals(refused(1, ErrorCode.RATE_LIMITED, "", 2))));
    }

    @Test
    void aSecondResultThatIsNoReplayIsFound() {
        assertEquals(
                List.of("one result too many, and not a replay: AUTHENTICATED for attempt 1"),
                problems(GuestKind.GOOD, finals(authenticated(1), authenticated(1))));
        assertEquals(
                List.of(
                        "one result too many, and not a replay: AUTHENTICATED for attempt 1",
                        "expected 1 replays, got 0"),
                problems(GuestKind.REPEAT_ANSWERED, finals(authenticated(1), authenticated(1))));
    }

    @Test
    void anotherAnswerIsFound() {
        assertEquals(
                List.of("expected AUTHENTICATED, got UPSTREAM_ERROR"),
                problems(GuestKind.GOOD, finals(refused(1, ErrorCode.UPSTREAM_ERROR, "", null))));
        assertEquals(
                List.of("expected CHANNEL_NOT_ALLOWED, got UPSTREAM_FORBIDDEN"),
                problems(GuestKind.CHANNEL_NOT_OURS, finals(refused(1, ErrorCode.UPSTREAM_FORBIDDEN, "", null))));
    }

    @Test
    void anotherAttemptIsFound() {
        assertEquals(
                List.of("expected attempt 2, got attempt 1"),
                problems(GuestKind.BURST_HURRIED, finals(refused(1, ErrorCode.RATE_LIMITED, "", 2), authenticated(1))));
    }

    @Test
    void aReplayThatIsMissingIsFoundAndSoIsOneThatNobodyAskedFor() {
        assertEquals(
                List.of("expected 1 replays, got 0"), problems(GuestKind.REPEAT_ANSWERED, finals(authenticated(1))));
        assertEquals(
                List.of("expected 0 replays, got 1"),
                problems(
                        GuestKind.REPEAT_PENDING,
                        List.of(new Given(authenticated(1), false), new Given(authenticated(1), true))));
    }

    @Test
    void aReplayThatSaysSomethingElseIsFound() {
        assertEquals(
                List.of("a replay is not the result that was given before"),
                problems(
                        GuestKind.REPEAT_ANSWERED,
                        List.of(new Given(authenticated(1), false), new Given(authenticated(2), true))));
    }

    @Test
    void aDeadLetterThatIsMissingOrThereTwiceIsFound() {
        assertEquals(List.of(), Checker.problems(garbage(1)));
        assertEquals(List.of("expected 1 dead letters, got 0"), Checker.problems(garbage(0)));
        assertEquals(List.of("expected 1 dead letters, got 2"), Checker.problems(garbage(2)));
    }

    @Test
    void aDeadLetterOfARequestThatIsGoodIsFound() {
        var asked = new Asked(
                GuestKind.GOOD, "guest-0001/r1", GuestKind.GOOD.requests().getFirst());

        assertEquals(
                List.of("expected 0 dead letters, got 1"),
                Checker.problems(new Account(asked, 1, finals(authenticated(1)), 1)));
    }

    @Test
    void aContextThatLostMoreOrLessThanItMustIsFound() {
        assertEquals(
                1,
                problems(GuestKind.PERSONAL_CONTEXT, finals(authenticated(1, FIRST, SECOND)))
                        .size());
        assertEquals(
                1, problems(GuestKind.GOOD, finals(authenticated(1, CAMPAIGN))).size());
    }

    @Test
    void anErrorThatDoesNotNameEachBadFieldIsFound() {
        assertEquals(
                List.of("INVALID_REQUEST does not name [timeoutMs]"),
                problems(
                        GuestKind.INVALID,
                        finals(refused(1, ErrorCode.INVALID_REQUEST, "channelId: x; consent.accepted: y", null))));
    }

    @Test
    void aLimitThatDoesNotSayWhenToComeBackIsFound() {
        assertEquals(
                List.of("RATE_LIMITED does not say when to try again"),
                problems(
                        GuestKind.BURST_HURRIED,
                        finals(refused(1, ErrorCode.RATE_LIMITED, "", null), authenticated(2))));
    }

    private static List<String> problems(GuestKind kind, List<Given> results) {
        var asked = new Asked(kind, "guest-0001/r1", kind.requests().getFirst());
        return Checker.problems(new Account(asked, 1, results, 0));
    }

    private static Account garbage(int deadLetters) {
        var asked = new Asked(
                GuestKind.GARBAGE, "guest-0001/r1", GuestKind.GARBAGE.requests().getFirst());
        return new Account(asked, 1, List.of(), deadLetters);
    }

    private static List<Given> finals(GuestAuthResult... results) {
        var given = new ArrayList<Given>();
        for (GuestAuthResult result : results) {
            given.add(new Given(result, false));
        }
        return given;
    }
}
