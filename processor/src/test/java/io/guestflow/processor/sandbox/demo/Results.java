package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results as the processor would write them, for tests. */
final class Results {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    private Results() {}

    static GuestAuthResult authenticated(int attempt, ContextDrop... dropped) {
        return new Authenticated(
                "r1",
                attempt,
                "guest-0001",
                Messages.CHANNEL,
                "conv-1",
                NOW.plusSeconds(1800),
                true,
                List.of(dropped),
                NOW,
                143);
    }

    static GuestAuthResult refused(int attempt, ErrorCode code, String message, @Nullable Integer seconds) {
        return new NotAuthenticated(
                "r1",
                attempt,
                "guest-0001",
                Messages.CHANNEL,
                code.status(),
                NOW,
                2,
                AuthError.of(code, message, seconds));
    }
}
