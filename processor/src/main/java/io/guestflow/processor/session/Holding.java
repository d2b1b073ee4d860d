package io.guestflow.processor.session;

import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Remark;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events that wait for the opening of their conversation: for a while, and only so many. */
final class Holding {
    private final SessionRules rules;

    Holding(SessionRules rules) {
        this.rules = rules;
    }

    /** Begins to hold events, unless too many are held already. */
    @Nullable
    Held begin(Turn turn) {
        return begin(turn.mayHold(), turn);
    }

    /** Likewise for a revocation, for which there is room when there is none for events. */
    @Nullable
    Held beginForRevocation(Turn turn) {
        return begin(turn.mayHoldRevocation(), turn);
    }

    private @Nullable Held begin(boolean mayHold, Turn turn) {
        if (!mayHold) {
            turn.account(Fate.REFUSED);
            return null;
        }
        Held held = Held.nothing(turn.now(), turn.now().plus(rules.heldFor()), 1);
        turn.wake(held.until(), WakeKind.HELD, held.timer());
        return held;
    }

    /**
     * Until when what waits does after one more event: that waits its time too, but they all together no longer than twice
     * that, or a conversation that is never opened would be kept as long as its webhooks come.
     */
    Instant until(Held held, Turn turn) {
        Instant most = held.since().plus(rules.heldFor().multipliedBy(2));
        return Times.later(held.until(), Times.earlier(turn.now().plus(rules.heldFor()), most));
    }

    /** A revocation waits its time whatever waited before, up to three times that in all. */
    Instant untilRevoked(Held held, Turn turn) {
        Instant most = held.since().plus(rules.heldFor().multipliedBy(3));
        return Times.later(held.until(), Times.earlier(turn.now().plus(rules.heldFor()), most));
    }

    /** The timer is due that was armed when the first event came. */
    Conversation look(Held held, Turn turn) {
        if (turn.now().isBefore(held.until())) {
            long timer = held.timer() + 1;
            turn.wake(held.until(), WakeKind.HELD, timer);
            return held.withTimer(timer);
        }
        turn.remark(Remark.HELD_IN_VAIN);
        return Conversation.UNKNOWN;
    }
}
