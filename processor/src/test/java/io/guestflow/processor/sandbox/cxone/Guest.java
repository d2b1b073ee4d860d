package io.guestflow.processor.sandbox.cxone;

/** What one guest cost: conversations opened, calls made, and the simulator's own time in them. */
public record Guest(int conversations, int calls, long serviceNanos) {

    static final Guest UNSEEN = new Guest(0, 0, 0);

    Guest opened() {
        return new Guest(conversations + 1, calls, serviceNanos);
    }

    Guest called(long nanos) {
        return new Guest(conversations, calls + 1, serviceNanos + nanos);
    }
}
