package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.Output.Issue;
import io.guestflow.processor.auth.Decision.Output.Wake;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.auth.Ended.Late;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.context.Screening;
import io.guestflow.processor.facts.GuestRefs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt begins: refused at once, answered from a conversation that CXone made too late for the last attempt, or
 * handed to effects.
 */
final class Openings {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration MAX_MARGIN = Duration.ofSeconds(1);
    private static final Duration CONSENT_CLOCK_SKEW = Duration.ofMinutes(2);

    private final AuthRules rules;
    private final ContextPolicy contextPolicy;
    private final GuestRefs refs;
    private final Endings endings;

    Openings(AuthRules rules, ContextPolicy contextPolicy, GuestRefs refs, Endings endings) {
        this.rules = rules;
        this.contextPolicy = contextPolicy;
        this.refs = refs;
        this.endings = endings;
    }

    /** Begins an attempt. */
    Decision open(RequestState state, int attempt, Request request, GuestPending guestPending, Instant now) {
        // A producer's clock may run ahead of ours; nobody has waited since a time to come.
        Instant sentAt = request.sentAt().isAfter(now) ? now : request.sentAt();
        return switch (request.reading()) {
            case RequestReading.Invalid invalid ->
                endings.refuse(
                        state,
                        new Refused(attempt, request, sentAt, invalid.channelId(), null, null),
                        invalidity(invalid.problems()),
                        rules.atLeastOnce() ? sentAt : now);
            case RequestReading.Valid valid ->
                open(state, attempt, request, valid.request(), sentAt, guestPending, now);
        };
    }

    private Decision open(
            RequestState state,
            int attempt,
            Request input,
            GuestAuthRequest request,
            Instant sentAt,
            GuestPending guestPending,
            Instant now) {
        Consent consent = effective(request.consent(), sentAt);
        Screening screening = contextPolicy.screen(request.context());
        Instant deadline = sentAt.plus(timeout(request));
        AuthError refusal = refusal(request, consent, screening, sentAt);
        if (refusal != null) {
            return endings.refuse(
                    state,
                    new Refused(attempt, input, sentAt, request.channelId(), consent, screening),
                    refusal,
                    rules.atLeastOnce() ? sentAt : now);
        }
        if (!now.isBefore(deadline)) {
            return endings.refuse(
                    state,
                    new Refused(attempt, input, sentAt, request.channelId(), consent, screening),
                    AuthError.of(
                            ErrorCode.DEADLINE_EXCEEDED, "the deadline had passed when the request was read", null),
                    rules.atLeastOnce() ? deadline : now);
        }
        String requestRef = requestRef(state.ended(), request);
        Pending pending = new Pending(
                requestRef + "." + attempt,
                requestRef,
                attempt,
                request.channelId(),
                consent,
                screening.accepted(),
                screening.dropped(),
                input.source(),
                sentAt,
                deadline,
                input.trace());
        if (guestPending.count() >= rules.pendingPerGuest()) {
            return endings.refuseForOthers(state, pending, input.reading(), tooMany(guestPending, now), now);
        }
        Late late = state.ended() == null ? null : state.ended().late();
        if (late != null && late.expiresAt().isAfter(deadline)) {
            return endings.succeedFromLate(state, pending, input.reading(), late, now);
        }
        return Decision.of(
                new RequestState(pending, state.kept(), state.ended()),
                input.trace(),
                command(input.reading(), pending),
                life(pending));
    }

    /** The timer that every pending attempt has. */
    static Wake life(Pending pending) {
        return new Wake(pending.deadline(), WakeKind.LIFE, pending.attempt());
    }

    /** Stays the same over attempts even if the key is rotated in between: CXone knows the request by it. */
    private String requestRef(@Nullable Ended before, GuestAuthRequest request) {
        String known = before == null ? null : before.requestRef();
        return known == null ? refs.requestRef(request.guestId(), request.requestId()) : known;
    }

    /** The command of a pending attempt. */
    Output command(RequestReading reading, Pending pending) {
        return new Issue(new AuthCommand.Authenticate(
                pending.commandId(),
                pending.requestRef(),
                reading.requestId(),
                reading.guestId(),
                pending.attempt(),
                pending.channelId(),
                pending.consent(),
                pending.context(),
                effectsDeadline(pending.sentAt(), pending.deadline())));
    }

    /**
     * Until when effects may call: earlier than the caller's deadline by a fifth of the time, at most a second, so that
     * an outcome that was still in time is answered in time.
     */
    static Instant effectsDeadline(Instant from, Instant deadline) {
        Duration fifth = Duration.between(from, deadline).dividedBy(5);
        return deadline.minus(fifth.compareTo(MAX_MARGIN) < 0 ? fifth : MAX_MARGIN);
    }

    private @Nullable AuthError refusal(
            GuestAuthRequest request, Consent consent, Screening screening, Instant sentAt) {
        String noConsent = consentDefect(consent, sentAt);
        if (noConsent != null) {
            return AuthError.of(ErrorCode.CONSENT_REQUIRED, noConsent, null);
        }
        if (rules.rejectContext() && !screening.dropped().isEmpty()) {
            String named = screening.dropped().stream()
                    .map(drop -> drop.key() + " " + drop.reason())
                    .collect(Collectors.joining(", "));
            return AuthError.of(ErrorCode.CONTEXT_NOT_ALLOWED, "context refused: " + named, null);
        }
        if (!rules.channelsAllowed().isEmpty() && !rules.channelsAllowed().contains(request.channelId())) {
            return AuthError.of(ErrorCode.CHANNEL_NOT_ALLOWED, "channelId is not one of the allowed channels", null);
        }
        return null;
    }

    private static AuthError tooMany(GuestPending guestPending, Instant now) {
        long millis = Duration.between(now, guestPending.firstDeadline()).toMillis();
        long seconds = Math.max(1, Math.ceilDiv(Math.max(0, millis), 1000L));
        return AuthError.of(
                ErrorCode.RATE_LIMITED, "the guest has " + guestPending.count() + " requests pending", (int) seconds);
    }

    private static AuthError invalidity(List<Problem> problems) {
        String named = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        boolean consentMissing = problems.stream()
                .allMatch(problem -> problem.defect() == Defect.MISSING
                        && (problem.field().equals("consent") || problem.field().equals("consent.accepted")));
        return AuthError.of(consentMissing ? ErrorCode.CONSENT_REQUIRED : ErrorCode.INVALID_REQUEST, named, null);
    }

    /** Held against the request's own time: whenever it is read, it is judged in the same way. */
    private @Nullable String consentDefect(Consent consent, Instant sentAt) {
        if (!consent.accepted()) {
            return "consent.accepted must be true";
        }
        Instant timestamp = consent.timestamp();
        if (timestamp != null && timestamp.isAfter(sentAt.plus(CONSENT_CLOCK_SKEW))) {
            return "consent.timestamp lies more than 2 minutes in the future";
        }
        if (!rules.consentPolicies().isEmpty()
                && !rules.consentPolicies().contains(String.valueOf(consent.policyVersion()))) {
            return "consent.policyVersion is not one of the accepted policies";
        }
        return null;
    }

    private Consent effective(Consent consent, Instant sentAt) {
        String policy = consent.policyVersion();
        if (policy == null && !rules.consentPolicies().isEmpty()) {
            policy = rules.consentPolicies().getFirst();
        }
        return new Consent(consent.accepted(), consent.timestamp() == null ? sentAt : consent.timestamp(), policy);
    }

    private Duration timeout(GuestAuthRequest request) {
        Long asked = request.timeoutMs();
        Duration timeout = asked == null ? rules.defaultTimeout() : Duration.ofMillis(asked);
        if (timeout.compareTo(MIN_TIMEOUT) < 0) {
            return MIN_TIMEOUT;
        }
        return timeout.compareTo(MAX_TIMEOUT) > 0 ? MAX_TIMEOUT : timeout;
    }
}
