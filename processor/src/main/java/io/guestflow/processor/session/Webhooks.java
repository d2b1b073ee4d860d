package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionEvent.MessageSeen;
import io.guestflow.contracts.session.SessionEvent.OfWebhook;
import io.guestflow.contracts.session.SessionEvent.StatusChanged;
import io.guestflow.processor.facts.SessionFacts;
import io.guestflow.processor.facts.SessionFacts.About;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.RecentEvents.Kind;
import io.guestflow.processor.session.RecentEvents.Sight;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What webhooks tell: messages and statuses. They come twice, in any order, before the opening and after the end; what
 * they come to does not depend on it.
 */
final class Webhooks {
    private final SessionRules rules;
    private final Refreshes refreshes;
    private final Ends ends;
    private final Holding holding;

    Webhooks(SessionRules rules, Refreshes refreshes, Ends ends, Holding holding) {
        this.rules = rules;
        this.refreshes = refreshes;
        this.ends = ends;
        this.holding = holding;
    }

    /**
     * What a message makes of those before it.
     *
     * @param isNew whether it is one more
     */
    private record Counted(Tally tally, RecentEvents recent, boolean isNew) {}

    Conversation message(Conversation state, MessageSeen message, Turn turn) {
        return switch (state) {
            case Live live -> message(live, message, turn);
            case Ended ended -> message(ended, message, turn);
            case Held held -> message(held, message, turn);
            case Conversation.Unknown unknown -> {
                Held held = holding.begin(turn);
                yield held == null ? unknown : message(held, message, turn);
            }
        };
    }

    private Conversation message(Live live, MessageSeen message, Turn turn) {
        Counted counted = count(live.tally(), live.recent(), message, turn.past(message.at()), turn);
        if (counted == null) {
            return live;
        }
        turn.account(counted.isNew() ? Fate.APPLIED : Fate.DUPLICATE);
        if (counted.isNew()) {
            Opening opening = live.opening();
            turn.tell(
                    opening,
                    SessionFacts.messageSeen(
                            turn.cause(turn.past(message.at())),
                            opening.about(turn.conversationId()),
                            message.direction()));
        }
        return refreshes.settle(live.withMessages(counted.tally(), counted.recent()), turn);
    }

    private Conversation message(Ended ended, MessageSeen message, Turn turn) {
        Instant at = turn.past(message.at());
        boolean late = at.isAfter(ended.endedAt());
        Counted counted = count(ended.tally(), ended.recent(), message, late ? null : at, turn);
        if (counted == null) {
            return ended;
        }
        if (counted.isNew()) {
            Opening opening = ended.opening();
            turn.account(late ? Fate.LATE : Fate.APPLIED);
            turn.tell(
                    opening,
                    SessionFacts.messageSeen(
                            turn.cause(at), opening.about(turn.conversationId()), message.direction()));
        } else {
            turn.account(Fate.DUPLICATE);
        }
        Ended after = ended.withMessages(counted.tally(), counted.recent());
        return late && isActivity(message) ? after.activeAt(at) : after;
    }

    private boolean isActivity(MessageSeen message) {
        return rules.anyActivity() || message.direction() == Direction.INBOUND;
    }

    private Conversation message(Held held, MessageSeen message, Turn turn) {
        Counted counted = count(held.tally(), held.recent(), message, turn.past(message.at()), turn);
        if (counted == null) {
            return held;
        }
        turn.account(counted.isNew() ? Fate.HELD : Fate.DUPLICATE);
        if (counted.isNew()) {
            String id = turn.conversationId();
            turn.tellOfStranger(SessionFacts.messageSeen(
                    turn.cause(turn.past(message.at())),
                    new About(id, id, new Dimensions(message.channelId(), null, null)),
                    message.direction()));
        }
        return held.seen(counted.tally(), counted.recent(), holding.until(held, turn));
    }

    /**
     * Null if its webhook came before.
     *
     * @param at when it was written; null if that is no activity of this session
     */
    private @Nullable Counted count(
            Tally tally, RecentEvents recent, MessageSeen message, @Nullable Instant at, Turn turn) {
        String event = id(message);
        if (event != null) {
            Sight sight = recent.sight(Kind.MESSAGE_EVENT, event, message.contentHash());
            if (sight != Sight.NEW) {
                turn.account(sight == Sight.SAME ? Fate.DUPLICATE : Fate.CONFLICT);
                return null;
            }
        }
        RecentEvents after = event == null ? recent : recent.plus(Kind.MESSAGE_EVENT, event, message.contentHash());
        Tally timed = at != null && isActivity(message) ? tally.activeAt(at) : tally;
        // One message can be told by two webhooks, MessageSent and MessageCreated.
        String messageId = message.messageId();
        if (messageId == null) {
            return new Counted(timed.plus(message.direction()), after, true);
        }
        if (after.sight(Kind.MESSAGE, messageId, null) != Sight.NEW) {
            return new Counted(timed, after, false);
        }
        return new Counted(timed.plus(message.direction()), after.plus(Kind.MESSAGE, messageId, null), true);
    }

    Conversation status(Conversation state, StatusChanged event, Turn turn) {
        boolean over = event.status() == ConversationStatus.CLOSED || event.status() == ConversationStatus.TRASHED;
        Instant at = turn.past(event.statusUpdatedAt());
        return switch (state) {
            case Live live -> over ? closed(live, event, at, turn) : unchanged(live, Fate.APPLIED, turn);
            case Ended ended -> over ? closed(ended, event, at, turn) : unchanged(ended, Fate.LATE, turn);
            case Held held -> over ? closed(held, event, at, turn) : unchanged(held, Fate.UNKNOWN, turn);
            case Conversation.Unknown unknown -> {
                Held held = over ? holding.begin(turn) : null;
                if (held != null) {
                    yield closed(held, event, at, turn);
                }
                yield over ? unknown : unchanged(unknown, Fate.UNKNOWN, turn);
            }
        };
    }

    /** Something that neither keeps a session alive nor ends it. */
    Conversation disconnected(Conversation state, Turn turn) {
        return switch (state) {
            case Live live -> unchanged(live, Fate.APPLIED, turn);
            case Ended ended -> unchanged(ended, Fate.LATE, turn);
            case Held held -> unchanged(held, Fate.UNKNOWN, turn);
            case Conversation.Unknown unknown -> unchanged(unknown, Fate.UNKNOWN, turn);
        };
    }

    private Conversation closed(Live live, StatusChanged event, Instant at, Turn turn) {
        if (live.isAfter(at)) {
            return unchanged(live, Fate.IGNORED, turn);
        }
        turn.account(Fate.APPLIED);
        Ended ended = ends.end(live, EndReason.CLOSED_UPSTREAM, at, turn);
        return ended.withMessages(ended.tally(), seen(ended.recent(), event));
    }

    private static Conversation closed(Ended ended, StatusChanged event, Instant at, Turn turn) {
        if (seenBefore(ended.recent(), event, turn)) {
            return ended;
        }
        if (!at.isAfter(ended.endedAt())) {
            return unchanged(ended, Fate.IGNORED, turn);
        }
        turn.account(Fate.LATE);
        return ended.closed(at, seen(ended.recent(), event));
    }

    private Conversation closed(Held held, StatusChanged event, Instant at, Turn turn) {
        if (seenBefore(held.recent(), event, turn)) {
            return held;
        }
        turn.account(Fate.HELD);
        return held.closed(at, seen(held.recent(), event), holding.until(held, turn));
    }

    private static boolean seenBefore(RecentEvents recent, StatusChanged event, Turn turn) {
        String id = id(event);
        Sight sight = id == null ? Sight.NEW : recent.sight(Kind.STATUS_EVENT, id, event.contentHash());
        if (sight == Sight.NEW) {
            return false;
        }
        turn.account(sight == Sight.SAME ? Fate.DUPLICATE : Fate.CONFLICT);
        return true;
    }

    private static RecentEvents seen(RecentEvents recent, StatusChanged event) {
        String id = id(event);
        return id == null ? recent : recent.plus(Kind.STATUS_EVENT, id, event.contentHash());
    }

    /** A webhook without an id is known by its content. */
    private static @Nullable String id(OfWebhook event) {
        return event.eventId() != null ? event.eventId() : event.contentHash();
    }

    private static Conversation unchanged(Conversation state, Fate fate, Turn turn) {
        turn.account(fate);
        return state;
    }
}
