package io.guestflow.processor.effects.cxone;

/** Who goes first when calls have to queue. */
enum Lane {
    /** A token call: everybody waits for it. */
    TOKEN,
    /** A guest waits. */
    GUEST
}
