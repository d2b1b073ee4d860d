package io.guestflow.processor.session;

import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.SessionFacts;
import io.guestflow.processor.facts.SessionFacts.Ending;
import io.guestflow.processor.session.Output.Remark;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How sessions end, and what becomes of them then. */
final class Ends {
    private static final Duration CLOSE_FOR = Duration.ofMinutes(10);

    private final SessionRules rules;
    private final Contexts contexts;

    Ends(SessionRules rules, Contexts contexts) {
        this.rules = rules;
        this.contexts = contexts;
    }

    /** Something ended it. */
    Ended end(Live live, EndReason reason, Instant at, Turn turn) {
        return end(live, reason, at, null, null, turn);
    }

    /**
     * CXone has the conversation no more, and no event of its end came before a call that was answered so.
     *
     * @param ofRefresh whether the call was a refresh
     */
    Ended gone(Live live, boolean ofRefresh, Instant at, Turn turn) {
        String detail = ofRefresh ? EndDetail.GONE : EndDetail.GONE_FOR_CONTEXT;
        return end(live, EndReason.CLOSED_UPSTREAM, at, null, detail, turn);
    }

    /** CXone has another conversation for the guest. */
    Ended replaced(Live live, String by, Instant at, Turn turn) {
        return end(live, EndReason.REPLACED_UPSTREAM, at, by, null, turn);
    }

    /** Somebody wants it ended. */
    Ended revoked(Live live, Revocation by, Turn turn) {
        // Kept: it also holds for an authentication that it may have come after, by our clock and its own.
        return end(live, EndReason.REVOKED, turn.past(by.at()), null, by.reason(), turn)
                .revoked(by);
    }

    /** Its time is over. */
    Ended runOut(Live live, Window window, Turn turn) {
        Instant at = window.endsAt();
        if (window.capped()) {
            return end(live, EndReason.MAX_LIFETIME, at, null, null, turn);
        }
        // Who was to be refreshed only because nobody knew, and is known to be idle by now, has missed nothing.
        boolean idle = !live.active() && !turn.webhooksLag(rules.webhooksMayLag());
        String failure = idle ? null : failure(live);
        return failure == null
                ? end(live, EndReason.IDLE, at, null, null, turn)
                : end(live, EndReason.REFRESH_FAILED, at, null, failure, turn);
    }

    /** Why a session that should go on does not. */
    private static @Nullable String failure(Live live) {
        return switch (live.refreshing()) {
            case Refreshing.Refused refused -> refused.code().name();
            case Refreshing.Pausing pausing
            when pausing.failed() != null -> pausing.failed().name();
            case Refreshing.Pausing ignored -> live.active() ? EndDetail.END_NOT_TOLD : null;
            case Refreshing.Idle ignored -> live.active() ? EndDetail.TOO_LATE : null;
            case Refreshing.InFlight ignored -> live.active() ? EndDetail.TOO_LATE : null;
        };
    }

    private Ended end(
            Live live, EndReason reason, Instant at, @Nullable String replacedBy, @Nullable String detail, Turn turn) {
        Opening opening = live.opening();
        Instant endedAt = Times.later(opening.openedAt(), at);
        Tally tally = live.tally().endedAt(endedAt);
        Instant last = live.tally().lastActivityAt();
        contexts.abandon(live, reason, turn);
        Instant upstreamUntil = null;
        String closeCommandId = null;
        if (reason == EndReason.REVOKED) {
            if (rules.closeCall()) {
                closeCommandId = close(opening, detail == null ? reason.name() : detail, turn);
            } else {
                upstreamUntil = live.terms().expiresAt();
            }
        }
        turn.tell(
                opening,
                SessionFacts.ended(
                        turn.cause(endedAt),
                        opening.about(turn.conversationId()),
                        new Ending(
                                reason,
                                opening.openedAt(),
                                endedAt,
                                live.terms().refreshes(),
                                tally.inbound(),
                                tally.outbound(),
                                replacedBy,
                                upstreamUntil,
                                detail)));
        long timer = live.timer() + 1;
        turn.wake(turn.now().plus(rules.tombstoneAfter()), WakeKind.TOMBSTONE, timer);
        return new Ended(
                opening,
                live.terms(),
                tally,
                live.recent(),
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                null,
                null,
                last != null && last.isAfter(endedAt) ? last : null,
                timer);
    }

    private static String close(Opening opening, String reason, Turn turn) {
        String id = FactIds.of("Close", opening.source(), 0);
        turn.issue(new SessionCommand.Close(
                id,
                turn.conversationId(),
                opening.guestPartition(),
                reason,
                turn.now().plus(CLOSE_FOR),
                id));
        return id;
    }

    /** An outcome came after the end. */
    Ended outcome(Ended ended, SessionOutcome outcome, Turn turn) {
        if (!outcome.commandId().equals(ended.closeCommandId())) {
            // Whatever a refresh came to, the session stays ended.
            turn.remark(Remark.STRAY_OUTCOME);
            return outcome instanceof SessionOutcome.Extended extended ? keptLonger(ended, extended, turn) : ended;
        }
        return switch (outcome) {
            case SessionOutcome.ConversationClosed ignored -> ended.closeAnswered(null);
            case SessionOutcome.Gone ignored -> ended.closeAnswered(null);
            case SessionOutcome.CallFailed ignored -> {
                turn.remark(Remark.CLOSE_FAILED);
                yield ended.closeAnswered(ended.terms().expiresAt());
            }
            case SessionOutcome.Extended ignored -> stray(ended, turn);
            case SessionOutcome.ContextAccepted ignored -> stray(ended, turn);
        };
    }

    /** The refresh that was in flight has moved the end until which CXone keeps what was ended here only. */
    private static Ended keptLonger(Ended ended, SessionOutcome.Extended outcome, Turn turn) {
        Instant known = ended.upstreamUntil();
        Instant told = outcome.expiresAt();
        if (known == null
                || told == null
                || !Times.ms(told).isAfter(known)
                || !outcome.answeredConversationId().equalsIgnoreCase(turn.conversationId())) {
            return ended;
        }
        return ended.closeAnswered(Times.ms(told));
    }

    private static Ended stray(Ended ended, Turn turn) {
        turn.remark(Remark.STRAY_OUTCOME);
        return ended;
    }
}
