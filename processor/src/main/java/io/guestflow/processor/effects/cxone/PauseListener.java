package io.guestflow.processor.effects.cxone;

import java.time.Instant;

/** Told when this instance learns from a 429 that the tenant wants a pause, so that the others can be told. */
@FunctionalInterface
public interface PauseListener {

    /**
     * Threading: called on the thread whose call was refused, perhaps by several at once; must not block.
     *
     * @param until no call before it
     */
    void learned(Instant until);
}
