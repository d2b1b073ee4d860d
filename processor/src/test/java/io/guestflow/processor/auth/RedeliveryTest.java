package io.guestflow.processor.auth;

import static io.guestflow.processor.auth.AuthHarness.REFS;
import static io.guestflow.processor.auth.AuthHarness.RULES;
import static io.guestflow.processor.auth.AuthHarness.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Under at-least-once a crash can come between the stored state and the records that tell of it: they are told again. */
class RedeliveryTest {
    private static final Source REQUEST = new Source("guest-auth-requests", 0, 7);
    private static final Source OUTCOME = new Source("cxone-auth-outcomes", 0, 3);

    @Test
    void aRequestThatComesAgainFromTheSameRecordHasItsCommandWrittenAgain() {
        AuthDecisions decisions = decisions(true);
        Decision first = decisions.onRequest(RequestState.UNKNOWN, request(REQUEST), GuestPending.NONE, null, START);
        Decision again =
                decisions.onRequest(first.state(), request(REQUEST), GuestPending.NONE, null, START.plusMillis(50));

        assertEquals(command(first), command(again), "the same command, so that effects know it");
        assertInstanceOf(Output.Redelivered.class, again.outputs().getFirst());
        assertEquals(first.state(), again.state());
    }

    @Test
    void aRepeatFromAnotherRecordIsNoRedelivery() {
        AuthDecisions decisions = decisions(true);
        Decision first = decisions.onRequest(RequestState.UNKNOWN, request(REQUEST), GuestPending.NONE, null, START);
        Decision repeat = decisions.onRequest(
                first.state(), request(new Source("guest-auth-requests", 0, 8)), GuestPending.NONE, null, START);

        assertEquals(List.of(new Output.Suppressed()), repeat.outputs());
    }

    @Test
    void anOutcomeThatComesAgainFromTheSameRecordHasResultAndFactsWrittenAgain() {
        AuthDecisions decisions = decisions(true);
        Decision opened = decisions.onRequest(RequestState.UNKNOWN, request(REQUEST), GuestPending.NONE, null, START);
        AuthInput.Outcome outcome = outcome(command(opened));
        Decision answered = decisions.onOutcome(opened.state(), outcome, START.plusMillis(90));
        Decision again = decisions.onOutcome(answered.state(), outcome, START.plusSeconds(5));

        Output.Answer answer =
                assertInstanceOf(Output.Answer.class, answered.outputs().getFirst());
        assertEquals(new Output.Redelivered(), again.outputs().get(0));
        assertEquals(new Output.AnswerAgain(answer.result()), again.outputs().get(1));
        assertEquals(told(answered), told(again), "the same facts with the same ids");
    }

    @Test
    void underExactlyOnceNothingIsKeptForTellingAgain() {
        AuthDecisions decisions = decisions(false);
        Decision opened = decisions.onRequest(RequestState.UNKNOWN, request(REQUEST), GuestPending.NONE, null, START);
        AuthInput.Outcome outcome = outcome(command(opened));
        Decision answered = decisions.onOutcome(opened.state(), outcome, START);

        assertEquals(List.of(), answered.state().ended().facts());
        assertEquals(
                List.of(new Output.Stray(Decision.StrayKind.DUPLICATE)),
                decisions.onOutcome(answered.state(), outcome, START).outputs());
    }

    private static AuthDecisions decisions(boolean atLeastOnce) {
        AuthRules rules = new AuthRules(
                RULES.rememberFor(),
                RULES.defaultTimeout(),
                RULES.pendingPerGuest(),
                RULES.channelsAllowed(),
                RULES.consentPolicies(),
                RULES.rejectContext(),
                RULES.contextRetryFor(),
                atLeastOnce);
        return new AuthDecisions(rules, new ContextPolicy(AllowedKeys.DEFAULTS), REFS);
    }

    private static AuthInput.Request request(Source source) {
        byte[] json = AuthRecords.request("r1", "g1").getBytes(StandardCharsets.UTF_8);
        return new AuthInput.Request(RequestReading.of(json), START, source, Trace.NONE);
    }

    private static AuthInput.Outcome outcome(AuthCommand command) {
        AuthOutcome created = AuthRecords.created(command, "conv-1", true);
        return new AuthInput.Outcome(created, OUTCOME, Trace.NONE);
    }

    private static AuthCommand command(Decision decision) {
        return decision.outputs().stream()
                .filter(Output.Issue.class::isInstance)
                .map(output -> ((Output.Issue) output).command())
                .findFirst()
                .orElseThrow();
    }

    private static List<Output> told(Decision decision) {
        return decision.outputs().stream().filter(Output.Tell.class::isInstance).toList();
    }
}
