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
        if (!turn.mayHold()) {
            turn.account(Fate.REFUSED);
            return null;
        }
        Held held = Held.nothing(until(turn), 1);
        turn.wake(held.until(), WakeKind.HELD, held.timer());
        return held;
    }

    /** Until when what came now waits. */
    Instant until(Turn turn) {
        return turn.now().plus(rules.heldFor());
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
