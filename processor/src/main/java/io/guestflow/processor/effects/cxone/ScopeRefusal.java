package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;

/**
 * What one circuit remembers of tokens that CXone refused it. A client without the right to a call may be answered 401 for
 * ever, and the token is everybody's: guests wait for each new one. So it is dropped once, and when the new one is refused
 * too, nothing is asked for a while. A call that succeeds forgets all that.
 *
 * <p>Threading: any thread.
 */
final class ScopeRefusal {
    /** How long a refusal is believed, and the least time from one token that is dropped to the next. */
    static final Duration BELIEVED = Duration.ofMinutes(15);

    private Instant believedUntil = Instant.MIN;
    private Instant noDropBefore = Instant.MIN;

    /** Whether CXone refused a new token lately. */
    synchronized boolean isBelieved(Instant now) {
        return now.isBefore(believedUntil);
    }

    /** Whether the token that was refused may be dropped; a yes is the only one for some time. */
    synchronized boolean mayDrop(Instant now) {
        if (now.isBefore(noDropBefore)) {
            return false;
        }
        noDropBefore = now.plus(BELIEVED);
        return true;
    }

    /** A token was refused that is not worth another one. */
    synchronized void refused(Instant now) {
        believedUntil = now.plus(BELIEVED);
    }

    /** A call was answered. */
    synchronized void accepted() {
        believedUntil = Instant.MIN;
        noDropBefore = Instant.MIN;
    }
}
