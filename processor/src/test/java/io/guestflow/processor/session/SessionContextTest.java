package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static io.guestflow.processor.session.Given.context;
import static io.guestflow.processor.session.Given.contextAccepted;
import static io.guestflow.processor.session.Given.failed;
import static io.guestflow.processor.session.Given.gone;
import static io.guestflow.processor.session.Given.opened;
import static io.guestflow.processor.session.Lives.END;
import static io.guestflow.processor.session.Lives.MOMENT;
import static io.guestflow.processor.session.Lives.one;
import static io.guestflow.processor.session.Lives.restart;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.SessionCommand.InjectContext;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.session.Output.Remark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Context for the bots of running conversations. */
class SessionContextTest {
    @TempDir
    private Path stateDir;

    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void contextIsInjectedInOrderAndOneAtATime(boolean restart) {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "segment", "early"));
            sessions.event(opened(START, END));
            InjectContext first = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("segment", "early"), first.context());
            sessions.event(context(START, "segment", "vip", "device", "web"));
            sessions.event(context(START, "segment", "gold"));
            assertEquals(List.of(), sessions.commands(), "one at a time");
            restart(sessions, restart);

            sessions.outcome(contextAccepted(first, sessions.now()));
            InjectContext second = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("segment", "gold", "device", "web"), second.context(), "the last value wins");
            assertEquals(2, second.sequence());
            sessions.outcome(failed(second, ErrorCode.UPSTREAM_ERROR, null, sessions.now()));
            restart(sessions, restart);
            // After a restart timers wait for the backlog.
            sessions.advance(Duration.ofSeconds(5));
            InjectContext again = sessions.command(InjectContext.class);
            assertEquals(second.idempotencyKey(), again.idempotencyKey());
            sessions.outcome(failed(again, ErrorCode.UPSTREAM_REJECTED, null, sessions.now()));

            List<Fact> facts = sessions.facts();
            assertEquals(
                    List.of("segment"), one(facts, Fact.ContextInjected.class).contextKeys());
            Fact.ContextFailed failure = one(facts, Fact.ContextFailed.class);
            assertEquals(2, failure.calls());
            assertEquals("r1", failure.requestId());
            sessions.advance(Duration.ofMinutes(2));
            assertEquals(List.of(), sessions.commands());
        }
    }

    /** It ends the session as a refresh that is answered so does, and is none: nobody counts how many updates there are. */
    @Test
    void aConversationThatIsGoneWhenItIsToldMoreIsNoRefresh() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "segment", "early"));
            sessions.event(opened(START, END));
            sessions.outcome(gone(sessions.command(InjectContext.class), sessions.now()));

            Fact.SessionEnded ended = one(sessions.facts(), Fact.SessionEnded.class);
            assertEquals(EndReason.CLOSED_UPSTREAM, ended.endReason());
            assertEquals(EndDetail.GONE_FOR_CONTEXT, ended.detail());
            assertEquals(1, sessions.remarks(Remark.GONE_UPSTREAM));
            assertEquals(0, sessions.refreshes(RefreshAnswer.GONE));
        }
    }

    /** Each update has 32 KiB at most, as the allow-list lets it pass; together they have no more. */
    @ParameterizedTest(name = "restart {0}")
    @ValueSource(booleans = {false, true})
    void updatesThatWaitTogetherHaveTheRoomOfOne(boolean restart) {
        String much = "x".repeat(20_000);
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "a", much));
            sessions.event(context(START, "b", much, "c", "1"));
            sessions.event(context(START, "d", much));
            restart(sessions, restart);
            sessions.event(opened(START, END));
            InjectContext first = sessions.command(InjectContext.class);
            assertEquals(Given.scalars("d", much), first.context(), "the newest");
            Fact.ContextFailed before = one(sessions.facts(), Fact.ContextFailed.class);
            assertEquals(List.of("a", "b", "c"), before.contextKeys());
            assertEquals(ErrorCode.CONTEXT_NOT_ALLOWED, before.code());

            sessions.event(context(START, "a", much));
            sessions.event(context(START, "e", much));
            assertEquals(
                    List.of("a"),
                    one(sessions.facts(), Fact.ContextFailed.class).contextKeys());
            sessions.outcome(contextAccepted(first, sessions.now()));
            assertEquals(
                    Given.scalars("e", much),
                    sessions.command(InjectContext.class).context());
            assertEquals(2, sessions.remarks(Remark.CONTEXT_DROPPED));
            assertEquals(List.of(), sessions.deadLetters());
        }
    }

    @Test
    void theOldestUpdateGoesHoweverOftenTheyWereMerged() {
        String much = "x".repeat(12_000);
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(context(START, "a", much));
            sessions.event(context(START, "b", much));
            sessions.event(context(START, "c", much));
            sessions.event(opened(START, END));

            assertEquals(
                    Set.of("b", "c"),
                    sessions.command(InjectContext.class).context().keySet());
            assertEquals(
                    List.of("a"),
                    one(sessions.facts(), Fact.ContextFailed.class).contextKeys());
        }
    }

    @Test
    void contextWhoseOutcomeIsLostIsGivenUp() {
        try (SessionHarness sessions = new SessionHarness(RULES, stateDir)) {
            sessions.event(opened(START, END));
            sessions.event(context(START, "segment", "vip"));
            sessions.advance(RULES.contextRetryFor().plus(MOMENT));

            assertEquals(
                    ErrorCode.DEADLINE_EXCEEDED,
                    one(sessions.facts(), Fact.ContextFailed.class).code());
        }
    }
}
