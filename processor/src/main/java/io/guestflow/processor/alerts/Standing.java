package io.guestflow.processor.alerts;

import java.time.Instant;

/** How an alert stands in a scope. */
sealed interface Standing {
    Standing QUIET = new Quiet();

    /** It does not fire. */
    record Quiet() implements Standing {}

    /** It fires since then. */
    record Firing(Instant since) implements Standing {}
}
