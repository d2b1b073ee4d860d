package io.guestflow.processor.effects.cxone;

/** Who goes first when calls have to queue; {@link Turns} has the rules. */
enum Lane {
    /** A token call: everybody waits for it. */
    TOKEN,
    /** A guest waits. */
    GUEST,
    /** A session ends if its call comes too late. */
    REFRESH,
    /** Nobody waits. */
    REST
}
