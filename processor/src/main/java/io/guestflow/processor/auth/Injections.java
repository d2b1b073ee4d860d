package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.Output.Issue;
import io.guestflow.processor.auth.Decision.Output.Tell;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.StrayKind;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.facts.AuthFacts;
import io.guestflow.processor.facts.AuthFacts.Cause;
import io.guestflow.processor.wire.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How context gets to the bot that the one short try of {@link AuthCommand.Authenticate} did not bring there. Each try is
 * a command of its own that is short too: effects have places for so many commands, and guests wait for them. The time
 * between tries is spent here, where waiting costs an entry.
 */
final class Injections {
    /** What effects have for one try; most of it is for waiting until it begins. */
    private static final Duration TRY = Duration.ofSeconds(5);
    /** An outcome that has not come by then will not come. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(10);

    private final AuthRules rules;
    private final AuthFacts facts;

    Injections(AuthRules rules, AuthFacts facts) {
        this.rules = rules;
        this.facts = facts;
    }

    /** The first try is made at once. */
    Injection begin(Pending attempt, String conversationId, Instant now) {
        Instant deadline = now.plus(rules.contextRetryFor());
        Injection injection = new Injection(
                null,
                conversationId,
                List.copyOf(attempt.context().keySet()),
                attempt.context(),
                deadline,
                0,
                0,
                deadline);
        return now.isBefore(deadline)
                ? injection.issued(commandId(attempt.commandId(), 1), now.plus(LOST_AFTER))
                : injection;
    }

    /** What the last try needs: its command, if there is one, and a look at what came of it. */
    List<Output> outputs(Ended ended, Injection injection, Instant now) {
        String commandId = injection.commandId();
        String requestRef = ended.requestRef();
        Wake wake = wake(ended, injection);
        if (commandId == null || requestRef == null) {
            return List.of(wake);
        }
        GuestAuthResult result = ended.result();
        Instant tryUntil = now.plus(TRY);
        return List.of(
                new Issue(new AuthCommand.InjectContext(
                        commandId,
                        requestRef,
                        result.requestId(),
                        result.guestId(),
                        ended.attempt(),
                        injection.conversationId(),
                        injection.context(),
                        tryUntil.isBefore(injection.deadline()) ? tryUntil : injection.deadline())),
                wake);
    }

    /** The timer of an injection. */
    static Wake wake(Ended ended, Injection injection) {
        return new Wake(injection.nextAt(), WakeKind.INJECTION, ended.attempt());
    }

    /** What came of a command, if it was one of this injection's. */
    @Nullable
    Decision onOutcome(RequestState state, Ended ended, AuthOutcome outcome, Source source, Instant now) {
        Injection injection = ended.injection();
        if (injection == null || !outcome.commandId().startsWith(commandId(ended, 1))) {
            return null;
        }
        return switch (outcome) {
            // Of any try: a late one has told the bot as well.
            case AuthOutcome.ContextInjected injected ->
                end(
                        state,
                        ended,
                        facts.contextInjected(
                                new Cause(source, 0, now, injected.guestId(), ended.dimensions()),
                                injected.requestId(),
                                ended.attempt(),
                                injection.conversationId(),
                                injection.contextKeys(),
                                injection.calls() + injected.calls()));
            case AuthOutcome.CallFailed failed
            when failed.commandId().equals(injection.commandId()) ->
                onFailure(state, ended, injection, failed, source, now);
            default -> Decision.of(state, Trace.NONE, new Output.Stray(StrayKind.DUPLICATE));
        };
    }

    private Decision onFailure(
            RequestState state,
            Ended ended,
            Injection injection,
            AuthOutcome.CallFailed failed,
            Source source,
            Instant now) {
        Integer seconds = failed.retryAfterSeconds();
        Duration asked = Duration.ofSeconds(seconds == null ? 0 : seconds);
        Duration delay = injection.delay().compareTo(asked) < 0 ? asked : injection.delay();
        Instant next = now.plus(delay);
        Injection after = injection.failed(failed.calls(), next);
        boolean again = failed.code().retryable()
                && next.isBefore(injection.deadline())
                && !injection.context().isEmpty();
        if (!again) {
            return end(state, ended, contextFailed(ended, after, failed.code(), source, 0, now));
        }
        Ended waiting = ended.with(after);
        return Decision.of(state.with(waiting), ended.trace(), wake(waiting, after));
    }

    /** Its time has come: for the next try, or to give up. */
    Decision onTime(RequestState state, Ended ended, Injection injection, Instant now) {
        if (!now.isBefore(injection.deadline())) {
            return end(
                    state,
                    ended,
                    contextFailed(
                            ended, injection, ErrorCode.DEADLINE_EXCEEDED, ended.opening(), ended.attempt(), now));
        }
        if (now.isBefore(injection.nextAt())) {
            return Decision.of(state, Trace.NONE, wake(ended, injection));
        }
        Injection next = injection.issued(commandId(ended, injection.tries() + 1), now.plus(LOST_AFTER));
        Ended tried = ended.with(next);
        return new Decision(state.with(tried), outputs(tried, next, now), ended.trace());
    }

    private Fact contextFailed(
            Ended ended, Injection injection, ErrorCode code, Source source, long ordinal, Instant now) {
        GuestAuthResult result = ended.result();
        return facts.contextFailed(
                new Cause(source, ordinal, now, result.guestId(), ended.dimensions()),
                result.requestId(),
                ended.attempt(),
                injection.conversationId(),
                injection.contextKeys(),
                code,
                injection.calls());
    }

    private Decision end(RequestState state, Ended ended, Fact fact) {
        Ended without = ended.with((Injection) null);
        return Decision.of(
                state.with(rules.atLeastOnce() ? without.telling(fact) : without), ended.trace(), new Tell(fact));
    }

    private static String commandId(Ended ended, int number) {
        return commandId(ended.requestRef() + "." + ended.attempt(), number);
    }

    private static String commandId(String attempt, int number) {
        return attempt + ".context" + (number == 1 ? "" : "." + number);
    }
}
