package io.guestflow.processor.effects.cxone;

import java.time.Duration;
import java.time.Instant;

/**
 * What one circuit remembers of tokens that CXone refused it. A client without the right to a call may be answered 401 for
 * ever, and the token is everybody's: guests wait for each new one. So it is dropped once, and when the new one is refused
 * too, nothing is asked for a while. A call that succeeds ends that; a token is dropped again at once only if that was what
 * helped before.
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

    /**
     * Sees to it that the next try has another token than the one refused; false if that one must stay. Who comes second
     * finds it dropped: it must not take it for the new one.
     */
    synchronized boolean renew(Token refused, TokenCache tokens, Instant now) {
        if (now.isBefore(noDropBefore)) {
            return !refused.equals(tokens.serving());
        }
        noDropBefore = now.plus(BELIEVED);
        tokens.drop(refused);
        return true;
    }

    /** A token was refused that is not worth another one. */
    synchronized void refused(Instant now) {
        believedUntil = now.plus(BELIEVED);
    }

    /**
     * A call was answered.
     *
     * @param renewed whether it had been refused with another token
     */
    synchronized void accepted(boolean renewed) {
        believedUntil = Instant.MIN;
        if (renewed) {
            noDropBefore = Instant.MIN;
        }
    }
}
