package io.guestflow.processor.session;

import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.SessionEvent.Opened;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.SessionFacts;
import io.guestflow.processor.session.Output.Fate;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How sessions begin: with what had come before, if anything had, and once more after an end. */
final class Openings {
    private final SessionRules rules;
    private final GuestRefs refs;
    private final Refreshes refreshes;
    private final Contexts contexts;
    private final Ends ends;

    Openings(SessionRules rules, GuestRefs refs, Refreshes refreshes, Contexts contexts, Ends ends) {
        this.rules = rules;
        this.refs = refs;
        this.refreshes = refreshes;
        this.contexts = contexts;
        this.ends = ends;
    }

    /** What a session that opens is told of what had come before. */
    private record Before(
            Tally tally,
            RecentEvents recent,
            @Nullable Instant closedAt,
            @Nullable Revocation revocation,
            Map<String, JsonNode> context,
            Set<String> contextDropped,
            int heldEvents,
            boolean firstLife,
            long timer) {
        static final Before NOTHING =
                new Before(Tally.NONE, RecentEvents.NONE, null, null, Map.of(), Set.of(), 0, true, 0);

        static Before of(Held held) {
            return new Before(
                    held.tally(),
                    held.recent(),
                    held.closedAt(),
                    held.revocation(),
                    held.context(),
                    held.contextDropped(),
                    held.events(),
                    true,
                    held.timer());
        }

        /** Of an earlier life nothing stays but what happened after its end, and the ids of events. */
        static Before of(Ended ended) {
            return new Before(
                    new Tally(0, 0, ended.activeAfter()),
                    ended.recent(),
                    ended.closedAt(),
                    ended.revocation(),
                    Map.of(),
                    Set.of(),
                    0,
                    false,
                    ended.timer());
        }
    }

    Conversation opened(Conversation state, Opened opened, Turn turn) {
        return switch (state) {
            case Conversation.Unknown ignored -> begin(opened, Before.NOTHING, turn);
            case Held held -> begin(opened, Before.of(held), turn);
            case Live live -> openedAgain(live, opened, turn);
            case Ended ended -> openedAfterEnd(ended, opened, turn);
        };
    }

    private Conversation openedAgain(Live live, Opened opened, Turn turn) {
        if (!Times.ms(opened.at()).isAfter(live.authenticatedAt())) {
            turn.account(Fate.DUPLICATE);
            return live;
        }
        if (!opened.guestId().equals(live.guestId())) {
            // A conversation has one guest; whoever else is told to have it does not get this one's session.
            turn.account(Fate.CONFLICT);
            return live;
        }
        Window window = refreshes.window(live);
        boolean overBefore = !opened.at().isBefore(window.endsAt())
                && !(live.refreshing() instanceof Refreshing.InFlight && !window.capped());
        if (overBefore) {
            // Its timer is late: as if it had not been.
            return begin(opened, Before.of(ends.runOut(live, window, turn)), turn);
        }
        turn.account(Fate.APPLIED);
        return refreshes.authenticated(live, opened, turn);
    }

    private Conversation openedAfterEnd(Ended ended, Opened opened, Turn turn) {
        if (opened.source().equals(ended.opening().source())) {
            turn.account(Fate.DUPLICATE);
            return ended;
        }
        if (!Times.ms(opened.at()).isAfter(ended.endedAt())) {
            turn.account(Fate.LATE);
            return ended;
        }
        return begin(opened, Before.of(ended), turn);
    }

    private Conversation begin(Opened opened, Before before, Turn turn) {
        turn.account(Fate.APPLIED);
        Opening opening = Opening.of(opened, refs.guestRef(opened.guestId()), before.firstLife());
        Instant at = opening.openedAt();
        Live live = new Live(
                opening,
                opened.guestId(),
                opened.consent().policyVersion(),
                at,
                new Terms(at, Times.ms(opened.expiresAt()), 0, null),
                false,
                before.firstLife() ? before.tally() : before.tally().activeSince(at.minus(rules.clockSkew())),
                before.recent(),
                Refreshing.IDLE,
                Injections.NONE,
                before.timer(),
                Instant.MAX);
        turn.tell(
                opening,
                SessionFacts.opened(
                        turn.cause(at),
                        opening.about(turn.conversationId()),
                        opening.requestId(),
                        opening.attempt(),
                        at,
                        live.terms().expiresAt()));
        if (before.heldEvents() > 0) {
            turn.tell(
                    opening,
                    SessionFacts.linked(turn.cause(at), opening.about(turn.conversationId()), before.heldEvents()));
        }
        Instant closedAt = before.closedAt();
        Revocation revocation = before.revocation();
        if (revocation != null && !isBefore(revocation, at)) {
            return ends.revoked(live, revocation, turn);
        }
        if (closedAt != null && !live.isAfter(closedAt)) {
            return ends.end(live, EndReason.CLOSED_UPSTREAM, turn.past(closedAt), turn);
        }
        contexts.dropped(opening, before.contextDropped(), turn);
        Live told = before.context().isEmpty() ? live : contexts.request(live, before.context(), turn);
        return refreshes.settle(told, turn);
    }

    Conversation revoked(Live live, Revocation revocation, Turn turn) {
        if (isBefore(revocation, live.authenticatedAt())) {
            turn.account(Fate.IGNORED);
            return live;
        }
        turn.account(Fate.APPLIED);
        return ends.revoked(live, revocation, turn);
    }

    /** Whether the guest was authenticated after it was revoked; the times come from two clocks. */
    private boolean isBefore(Revocation revocation, Instant authenticatedAt) {
        return revocation.at().isBefore(authenticatedAt.minus(rules.clockSkew()));
    }
}
