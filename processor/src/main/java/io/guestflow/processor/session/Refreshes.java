package io.guestflow.processor.session;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent.Opened;
import io.guestflow.contracts.session.SessionOutcome.CallFailed;
import io.guestflow.contracts.session.SessionOutcome.Extended;
import io.guestflow.contracts.session.SessionOutcome.Gone;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.SessionFacts;
import io.guestflow.processor.facts.SessionFacts.Moved;
import io.guestflow.processor.session.Output.Remark;
import io.guestflow.processor.session.Refreshing.InFlight;
import io.guestflow.processor.session.Refreshing.Pausing;
import io.guestflow.processor.session.Refreshing.Refused;
import io.guestflow.processor.wire.Uuids;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeping sessions alive while their guests are active. One timer leads a session through its lifetime: when it is due,
 * the session is looked at, and the next is armed for whatever is next. Nothing else moves it; where something is needed
 * earlier, one more timer takes its place, and the one before means nothing when it comes.
 */
final class Refreshes {
    /** A command has so much time, if the session has it. */
    private static final Duration CALL_FOR = Duration.ofSeconds(60);

    private static final Duration LEAST_GRACE = Duration.ofSeconds(1);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LEAST_FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration MOST_FIRST_DELAY = Duration.ofSeconds(10);
    private static final Duration MOST_DELAY = Duration.ofSeconds(60);
    private static final int DELAY_PART = 30;
    private static final int PAUSE_PART = 5;

    private final SessionRules rules;
    private final Ends ends;
    private final Contexts contexts;

    Refreshes(SessionRules rules, Ends ends, Contexts contexts) {
        this.rules = rules;
        this.ends = ends;
        this.contexts = contexts;
    }

    Window window(Live live) {
        return Window.of(live.terms(), live.opening().openedAt(), rules);
    }

    /** The session's timer is due. */
    Conversation look(Live live, Turn turn) {
        Live looked = live;
        Window window = window(live);
        if (looked.refreshing() instanceof InFlight lost && !turn.now().isBefore(lost.timeoutAt())) {
            looked = failed(looked, lost, ErrorCode.DEADLINE_EXCEEDED, null, 0, turn);
        }
        boolean over = !turn.now().isBefore(window.endsAt());
        if (over && (window.capped() || !(looked.refreshing() instanceof InFlight))) {
            return ends.runOut(looked, window, turn);
        }
        looked = contexts.look(looked, turn);
        looked = refreshIfDue(looked, window, turn);
        looked = expireIfIdle(looked, window, turn);
        return arm(looked, due(looked, window, turn.now()), turn);
    }

    /**
     * The session's timer is due, but what had been waiting for us is not read yet: only what would be too late afterwards
     * is done, and at the last moment, when more of it is read.
     */
    Live foresee(Live live, Instant heldOffUntil, Turn turn) {
        Window window = window(live);
        Instant at = switch (live.refreshing()) {
            case Refreshing.Idle ignored -> window.lastLookAt();
            case Pausing pausing -> Times.later(pausing.until(), window.lastLookAt());
            // Its outcome may be among what had been waiting.
            case InFlight ignored -> Instant.MAX;
            case Refused ignored -> Instant.MAX;
        };
        if (at.isAfter(heldOffUntil) || !window.allowsLateCall(Times.later(at, turn.now()))) {
            return live;
        }
        if (turn.now().isBefore(at)) {
            // Under the same generation: if the hold-off ends before, the timer that is overdue does the ordinary look.
            turn.wake(at, WakeKind.LOOK, live.timer());
            return live;
        }
        Live asked = refreshIfDue(live, window, turn);
        return asked.equals(live) ? live : arm(asked, due(asked, window, turn.now()), turn);
    }

    /** Something has changed: does what is due, and sees to it that the session is looked at in time. */
    Live settle(Live live, Turn turn) {
        Window window = window(live);
        Live settled = refreshIfDue(live, window, turn);
        Instant due = due(settled, window, turn.now());
        return due.isBefore(settled.lookAt()) ? arm(settled, due, turn) : settled;
    }

    /** CXone took the extending call. */
    Conversation extended(Live live, Extended outcome, Turn turn) {
        InFlight awaited = awaits(live, outcome.commandId()) ? (InFlight) live.refreshing() : null;
        // Ours was told by auth in this form.
        String answered = Uuids.lowerCase(outcome.answeredConversationId());
        boolean same = answered.equals(turn.conversationId());
        if (awaited != null && !same && live.isAfter(turn.past(outcome.completedAt()))) {
            return forgotten(live, turn);
        }
        if (awaited != null && !same) {
            return ends.replaced(live, answered, turn.past(outcome.completedAt()), turn);
        }
        Instant until = outcome.expiresAt();
        boolean told = until != null && Times.ms(until).isAfter(live.terms().expiresAt());
        if (awaited == null && !(same && told)) {
            turn.remark(Remark.STRAY_OUTCOME);
            return live;
        }
        // One that had been given up still tells the truth.
        Instant at = turn.past(outcome.completedAt());
        Terms before = live.terms();
        Terms after = until != null && told ? before.extended(at, until) : before.extendedUntold(at);
        int calls = outcome.calls() + (awaited == null ? 0 : awaited.calls());
        turn.tell(
                live.opening(),
                SessionFacts.refreshed(
                        turn.cause(at),
                        live.opening().about(turn.conversationId()),
                        new Moved(before.expiresAt(), after.expiresAt(), after.refreshes(), told),
                        calls,
                        false));
        Refreshing next;
        if (told) {
            next = awaited == null && live.refreshing() instanceof InFlight ? live.refreshing() : Refreshing.IDLE;
        } else {
            turn.remark(Remark.END_NOT_TOLD);
            next = new Pausing(turn.now().plus(pause(window(live))), 0, 0, null);
        }
        return settle(live.withTerms(after, next, live.expiring() && !told), turn);
    }

    /** The guest was authenticated again, and CXone extended the conversation for it. */
    Live authenticated(Live live, Opened opened, Turn turn) {
        Instant at = Times.ms(opened.at());
        Terms before = live.terms();
        boolean told = Times.ms(opened.expiresAt()).isAfter(before.expiresAt());
        Terms after = told ? before.extended(at, opened.expiresAt()) : before.extendedUntold(at);
        turn.tell(
                live.opening(),
                SessionFacts.refreshed(
                        turn.cause(at),
                        live.opening().about(turn.conversationId()),
                        new Moved(before.expiresAt(), after.expiresAt(), after.refreshes(), told),
                        0,
                        true));
        if (!told) {
            turn.remark(Remark.END_NOT_TOLD);
        }
        Refreshing next = live.refreshing() instanceof InFlight || !told ? live.refreshing() : Refreshing.IDLE;
        return settle(
                live.authenticated(at, opened.consent().policyVersion())
                        .withTerms(after, next, live.expiring() && !told),
                turn);
    }

    /** A refresh failed. */
    Live failed(Live live, CallFailed outcome, Turn turn) {
        InFlight inFlight = (InFlight) live.refreshing();
        Live without = failed(live, inFlight, outcome.code(), outcome.retryAfterSeconds(), outcome.calls(), turn);
        return settle(expireIfIdle(without, window(without), turn), turn);
    }

    /** CXone has the conversation no more. */
    Conversation gone(Live live, Gone outcome, Turn turn) {
        Instant at = turn.past(outcome.completedAt());
        boolean ofRefresh = awaits(live, outcome.commandId());
        if (!live.isAfter(at)) {
            turn.remark(Remark.GONE_UPSTREAM);
            return ends.gone(live, ofRefresh, at, turn);
        }
        return ofRefresh ? forgotten(live, turn) : settle(contexts.gone(live, outcome, turn), turn);
    }

    /** What a refresh of an earlier life came to: the guest has been authenticated since. */
    private Live forgotten(Live live, Turn turn) {
        turn.remark(Remark.STRAY_OUTCOME);
        return settle(live.with(Refreshing.IDLE), turn);
    }

    private Live failed(
            Live live, InFlight inFlight, ErrorCode code, @Nullable Integer retryAfterSeconds, int calls, Turn turn) {
        Window window = window(live);
        if (!window.isOpen(turn.now())) {
            // The guest was authenticated again meanwhile: a new lifetime has begun, with a refresh of its own to come.
            turn.remark(Remark.REFRESH_FAILED);
            return live.with(Refreshing.IDLE);
        }
        Instant again = code.retryable() ? again(window, inFlight.failures(), retryAfterSeconds, turn.now()) : null;
        if (again != null) {
            turn.remark(Remark.REFRESH_FAILED);
            return live.with(new Pausing(again, inFlight.failures() + 1, inFlight.calls() + calls, code));
        }
        turn.remark(Remark.REFRESH_REFUSED);
        return live.with(new Refused(code));
    }

    /** When to try again, if there is time. */
    private static @Nullable Instant again(
            Window window, int failures, @Nullable Integer retryAfterSeconds, Instant now) {
        Duration first = window.length().dividedBy(DELAY_PART);
        first = first.compareTo(LEAST_FIRST_DELAY) < 0 ? LEAST_FIRST_DELAY : first;
        first = first.compareTo(MOST_FIRST_DELAY) > 0 ? MOST_FIRST_DELAY : first;
        Duration delay = first.multipliedBy(1L << Math.min(failures, 20));
        delay = delay.compareTo(MOST_DELAY) > 0 ? MOST_DELAY : delay;
        Instant again = now.plus(delay);
        if (retryAfterSeconds != null) {
            again = Times.later(again, now.plusSeconds(retryAfterSeconds));
        } else if (!window.allowsCall(again) && now.isBefore(window.lastLookAt())) {
            again = window.lastLookAt();
        }
        return window.allowsCall(again) ? again : null;
    }

    /** Whether the outcome of that command is awaited. */
    static boolean awaits(Live live, String commandId) {
        return live.refreshing() instanceof InFlight inFlight
                && inFlight.commandId().equals(commandId);
    }

    private Live refreshIfDue(Live live, Window window, Turn turn) {
        Instant now = turn.now();
        boolean lag = turn.webhooksLag(rules.webhooksMayLag());
        // We are behind: the call may have less time than it should, but ends in time all the same.
        boolean allowed = lag ? window.allowsLateCall(now) : window.allowsCall(now);
        if (!window.isOpen(now) || !allowed || !mayAsk(live.refreshing(), now)) {
            return live;
        }
        if (!live.active()) {
            boolean doubt = lag && !now.isBefore(window.lastLookAt());
            if (!doubt) {
                return live;
            }
            turn.remark(Remark.REFRESHED_IN_DOUBT);
        }
        return ask(live, window, turn);
    }

    private static boolean mayAsk(Refreshing refreshing, Instant now) {
        return switch (refreshing) {
            case Refreshing.Idle ignored -> true;
            case Pausing pausing -> !now.isBefore(pausing.until());
            case InFlight ignored -> false;
            case Refused ignored -> false;
        };
    }

    private static Live ask(Live live, Window window, Turn turn) {
        Opening opening = live.opening();
        Pausing before = live.refreshing() instanceof Pausing pausing ? pausing : null;
        int failures = before == null ? 0 : before.failures();
        int number = live.terms().refreshes() + 1;
        String id = FactIds.of("Refresh/" + failures, opening.source(), number);
        Instant deadline = Times.earlier(window.callsUntil(), turn.now().plus(CALL_FOR));
        Duration skew = Duration.between(window.callsUntil(), live.terms().expiresAt());
        Duration grace = skew.plus(skew).compareTo(LEAST_GRACE) > 0 ? skew.plus(skew) : LEAST_GRACE;
        turn.issue(new SessionCommand.Refresh(
                id,
                turn.conversationId(),
                opening.guestPartition(),
                live.guestId(),
                opening.channelId(),
                live.policyVersion(),
                live.terms().expiresAt(),
                number,
                deadline,
                FactIds.of("Refresh", opening.source(), number)));
        return live.with(new InFlight(id, failures, before == null ? 0 : before.calls(), deadline.plus(grace)));
    }

    /** Inside the threshold, and nothing is under way to keep it alive. */
    private static Live expireIfIdle(Live live, Window window, Turn turn) {
        boolean trying = live.refreshing() instanceof InFlight
                || (live.refreshing() instanceof Pausing pausing && pausing.failed() != null);
        if (live.expiring() || trying || !window.isOpen(turn.now())) {
            return live;
        }
        turn.tell(
                live.opening(),
                SessionFacts.expiring(
                        turn.cause(turn.now()),
                        live.opening().about(turn.conversationId()),
                        window.endsAt(),
                        live.tally().lastActivityAt()));
        return live.nowExpiring();
    }

    /** When the session must be looked at next; in the past only if its end is. */
    private static Instant due(Live live, Window window, Instant now) {
        Instant due = switch (live.refreshing()) {
            case InFlight inFlight ->
                window.capped() ? Times.earlier(inFlight.timeoutAt(), window.endsAt()) : inFlight.timeoutAt();
            case Pausing pausing
            when now.isBefore(pausing.until()) && window.allowsCall(pausing.until()) -> pausing.until();
            case Pausing ignored -> nextEdge(window, now);
            case Refreshing.Idle ignored -> nextEdge(window, now);
            case Refused ignored -> window.isOpen(now) ? window.endsAt() : window.opensAt();
        };
        Instant context = Contexts.due(live);
        return context == null ? due : Times.earlier(due, context);
    }

    private static Instant nextEdge(Window window, Instant now) {
        if (!window.isOpen(now)) {
            return window.opensAt();
        }
        return !window.capped() && now.isBefore(window.lastLookAt()) ? window.lastLookAt() : window.endsAt();
    }

    private static Live arm(Live live, Instant due, Turn turn) {
        long generation = live.timer() + 1;
        turn.wake(due, WakeKind.LOOK, generation);
        return live.lookedAt(due, generation);
    }

    private static Duration pause(Window window) {
        Duration part = window.length().dividedBy(PAUSE_PART);
        return part.compareTo(MOST_PAUSE) < 0 ? part : MOST_PAUSE;
    }
}
