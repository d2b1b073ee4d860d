package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;

/** What happens on the socket. */
sealed interface Reply {

    record Whole(byte[] head, byte[] body) implements Reply {}

    /** No answer, or not all of it at once. */
    sealed interface Spoilt extends Reply {}

    record Half(byte[] head, byte[] body) implements Spoilt {}

    record Drip(byte[] head, byte[] body, Duration everyByte) implements Spoilt {}

    record Silence() implements Spoilt {}

    record Abort() implements Spoilt {}
}
