package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.ContextRequested;
import io.guestflow.contracts.session.SessionEvent.Revoked;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import io.guestflow.processor.session.SessionInput.Event;
import io.guestflow.processor.session.SessionInput.Foreseen;
import io.guestflow.processor.session.SessionInput.Outcome;
import io.guestflow.processor.session.SessionInput.Woken;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of a conversation: {@code (state, input, marks, now) → (state', outputs)}. Events may come twice and in any
 * order, outcomes and timers at any time.
 *
 * <p>Threading: immutable, may be shared.
 */
final class SessionDecisions {
    private static final Source NOWHERE = new Source("none", 0, 0);

    private final SessionRules rules;
    private final Openings openings;
    private final Webhooks webhooks;
    private final Refreshes refreshes;
    private final Contexts contexts;
    private final Ends ends;
    private final Holding holding;

    SessionDecisions(SessionRules rules, GuestRefs refs) {
        this.rules = rules;
        this.contexts = new Contexts(rules);
        this.ends = new Ends(rules, contexts);
        this.refreshes = new Refreshes(rules, ends, contexts);
        this.openings = new Openings(rules, refs, refreshes, contexts, ends);
        this.holding = new Holding(rules);
        this.webhooks = new Webhooks(rules, refreshes, ends, holding);
    }

    Decision decide(Conversation state, SessionInput input, Turn.Surroundings surroundings, Instant now) {
        Turn turn = switch (input) {
            case Event event -> new Turn(event.conversationId(), cause(event), 0, now, surroundings);
            case Outcome outcome -> new Turn(outcome.conversationId(), outcome.source(), 0, now, surroundings);
            case Woken woken -> new Turn(woken.conversationId(), opening(state), woken.generation(), now, surroundings);
            case Foreseen foreseen ->
                new Turn(foreseen.conversationId(), opening(state), foreseen.generation(), now, surroundings);
        };
        Conversation after = switch (input) {
            case Event event -> onEvent(state, event.event(), turn);
            case Outcome outcome -> onOutcome(state, outcome.outcome(), turn);
            case Woken woken -> onWoken(state, woken, turn);
            case Foreseen foreseen -> onForeseen(state, foreseen, turn);
        };
        Showing.changes(state, after, rules, turn);
        return new Decision(after, turn.outputs());
    }

    /** What an opening tells goes back to the record that caused it in auth. */
    private static Source cause(Event event) {
        return event.event() instanceof SessionEvent.Opened opened ? opened.source() : event.origin();
    }

    private static Source opening(Conversation state) {
        return switch (state) {
            case Live live -> live.opening().source();
            case Ended ended -> ended.opening().source();
            // Timers of a conversation without a session tell no facts.
            case Held ignored -> NOWHERE;
            case Conversation.Unknown ignored -> NOWHERE;
        };
    }

    private Conversation onEvent(Conversation state, SessionEvent.OfConversation event, Turn turn) {
        return switch (event) {
            case SessionEvent.Opened opened -> openings.opened(state, opened, turn);
            case SessionEvent.MessageSeen message -> webhooks.message(state, message, turn);
            case SessionEvent.StatusChanged status -> webhooks.status(state, status, turn);
            case SessionEvent.Disconnected ignored -> webhooks.disconnected(state, turn);
            case ContextRequested requested -> onContext(state, requested, turn);
            case Revoked revoked -> onRevoked(state, revoked, turn);
        };
    }

    private Conversation onContext(Conversation state, ContextRequested requested, Turn turn) {
        if (requested.context().isEmpty()) {
            // The allow-list or the tripwire has left nothing.
            turn.account(Fate.IGNORED);
            return state;
        }
        return switch (state) {
            case Live live -> {
                turn.account(Fate.APPLIED);
                yield refreshes.settle(contexts.request(live, requested.context(), turn), turn);
            }
            case Ended ended -> {
                turn.account(Fate.LATE);
                yield ended;
            }
            case Held held -> hold(held, requested, turn);
            case Conversation.Unknown unknown -> {
                Held held = holding.begin(turn);
                yield held == null ? unknown : hold(held, requested, turn);
            }
        };
    }

    private Conversation hold(Held held, ContextRequested requested, Turn turn) {
        turn.account(Fate.HELD);
        Merged merged = Merged.of(held.context(), requested.context());
        Set<String> dropped = new TreeSet<>(held.contextDropped());
        dropped.removeAll(requested.context().keySet());
        dropped.addAll(merged.dropped());
        return held.withContext(merged, Collections.unmodifiableSet(dropped), holding.until(held, turn));
    }

    private Conversation onRevoked(Conversation state, Revoked revoked, Turn turn) {
        Revocation revocation = new Revocation(turn.past(revoked.at()), revoked.reason());
        return switch (state) {
            case Live live -> openings.revoked(live, revocation, turn);
            case Ended ended -> {
                turn.account(Fate.LATE);
                // Which life it means is known when there is another.
                yield ended.revoked(revocation);
            }
            case Held held -> hold(held, revocation, turn);
            case Conversation.Unknown unknown -> {
                Held held = holding.beginForRevocation(turn);
                yield held == null ? unknown : hold(held, revocation, turn);
            }
        };
    }

    private Conversation hold(Held held, Revocation revocation, Turn turn) {
        turn.account(Fate.HELD);
        return held.revoked(revocation, holding.untilRevoked(held, turn));
    }

    private Conversation onOutcome(Conversation state, SessionOutcome outcome, Turn turn) {
        return switch (state) {
            case Live live -> onOutcome(live, outcome, turn);
            case Ended ended -> ends.outcome(ended, outcome, turn);
            case Held held -> stray(held, turn);
            case Conversation.Unknown unknown -> stray(unknown, turn);
        };
    }

    private Conversation onOutcome(Live live, SessionOutcome outcome, Turn turn) {
        boolean ofRefresh = Refreshes.awaits(live, outcome.commandId());
        boolean ofContext = Contexts.awaits(live, outcome.commandId());
        return switch (outcome) {
            case SessionOutcome.Extended extended -> refreshes.extended(live, extended, turn);
            case SessionOutcome.Gone gone when ofRefresh || ofContext -> refreshes.gone(live, gone, turn);
            case SessionOutcome.CallFailed failed when ofRefresh -> refreshes.failed(live, failed, turn);
            case SessionOutcome.CallFailed failed
            when ofContext -> refreshes.settle(contexts.failed(live, failed, turn), turn);
            case SessionOutcome.ContextAccepted accepted
            when ofContext -> refreshes.settle(contexts.accepted(live, accepted, turn), turn);
            case SessionOutcome.Gone ignored -> stray(live, turn);
            case SessionOutcome.CallFailed ignored -> stray(live, turn);
            case SessionOutcome.ContextAccepted ignored -> stray(live, turn);
            case SessionOutcome.ConversationClosed ignored -> stray(live, turn);
        };
    }

    private static Conversation stray(Conversation state, Turn turn) {
        turn.remark(Remark.STRAY_OUTCOME);
        return state;
    }

    private Conversation onForeseen(Conversation state, Foreseen foreseen, Turn turn) {
        return state instanceof Live live && foreseen.generation() >= live.timer()
                ? refreshes.foresee(live, foreseen.heldOffUntil(), turn)
                : state;
    }

    /**
     * A timer is due. One of an earlier generation means nothing. One of a later generation than the state knows does:
     * under at-least-once a crash can keep a timer and lose the state that was written after it.
     */
    private Conversation onWoken(Conversation state, Woken woken, Turn turn) {
        return switch (state) {
            case Live live
            when woken.kind() == WakeKind.LOOK && woken.generation() >= live.timer() -> refreshes.look(live, turn);
            case Held held
            when woken.kind() == WakeKind.HELD && woken.generation() >= held.timer() -> holding.look(held, turn);
            case Ended ended
            when woken.kind() == WakeKind.TOMBSTONE && woken.generation() >= ended.timer() -> Conversation.UNKNOWN;
            default -> state;
        };
    }
}
