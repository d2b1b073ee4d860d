package io.guestflow.processor.session;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.session.Output.Publish;
import io.guestflow.processor.session.Output.Retract;
import java.util.Objects;

/** What of a session is shown, and when: not at every message. */
final class Showing {
    private Showing() {}

    /** Adds what must be shown now. */
    static void changes(Conversation before, Conversation after, SessionRules rules, Turn turn) {
        if (before.equals(after)) {
            return;
        }
        switch (after) {
            case Live live -> {
                boolean same = before instanceof Live was
                        && was.opening().equals(live.opening())
                        && was.terms().equals(live.terms())
                        && was.expiring() == live.expiring();
                if (!same) {
                    turn.add(new Publish(of(turn.conversationId(), live, rules)));
                }
            }
            case Ended ended -> {
                boolean same = before instanceof Ended was
                        && Objects.equals(was.upstreamUntil(), ended.upstreamUntil())
                        && Objects.equals(
                                was.tally().lastActivityAt(), ended.tally().lastActivityAt());
                if (!same) {
                    turn.add(new Publish(of(turn.conversationId(), ended, rules)));
                }
            }
            case Held ignored -> {}
            case Conversation.Unknown ignored -> {
                if (before instanceof Ended) {
                    turn.add(new Retract());
                }
            }
        }
    }

    private static Session of(String conversationId, Live live, SessionRules rules) {
        Opening opening = live.opening();
        return new Session(
                conversationId,
                opening.guestRef(),
                opening.channelId(),
                live.expiring() ? SessionState.EXPIRING : SessionState.ACTIVE,
                opening.openedAt(),
                Window.of(live.terms(), opening.openedAt(), rules).endsAt(),
                live.tally().lastActivityAt(),
                live.terms().refreshes(),
                null,
                null,
                null);
    }

    private static Session of(String conversationId, Ended ended, SessionRules rules) {
        Opening opening = ended.opening();
        return new Session(
                conversationId,
                opening.guestRef(),
                opening.channelId(),
                state(ended.reason()),
                opening.openedAt(),
                Window.of(ended.terms(), opening.openedAt(), rules).endsAt(),
                ended.tally().lastActivityAt(),
                ended.terms().refreshes(),
                ended.endedAt(),
                ended.reason(),
                ended.upstreamUntil());
    }

    private static SessionState state(EndReason reason) {
        return switch (reason) {
            case IDLE, REFRESH_FAILED, MAX_LIFETIME -> SessionState.EXPIRED;
            case CLOSED_UPSTREAM, REVOKED, ERASED, REPLACED_UPSTREAM -> SessionState.CLOSED;
        };
    }
}
