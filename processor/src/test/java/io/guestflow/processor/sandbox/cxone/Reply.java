package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;

/** What happens on the socket. */
sealed interface Reply {

    record Whole(byte[] head, byte[] body) implements Reply {}

    record Half(byte[] head, byte[] body) implements Reply {}

    record Drip(byte[] head, byte[] body, Duration everyByte) implements Reply {}

    record Silence() implements Reply {}

    record Abort() implements Reply {}
}
