package io.guestflow.processor.sandbox.demo;

import static java.util.stream.Collectors.toSet;

import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the final result of one attempt must say.
 *
 * @param code null means authenticated
 * @param named what the error's message must name
 * @param dropped exactly these context entries must be told as not given to the bot
 */
record ExpectedAnswer(@Nullable ErrorCode code, Set<String> named, Set<ContextDrop> dropped) {
    private static final Set<ErrorCode> WITH_SECONDS = Set.of(ErrorCode.RATE_LIMITED, ErrorCode.UPSTREAM_UNAVAILABLE);

    static ExpectedAnswer authenticated(ContextDrop... dropped) {
        return new ExpectedAnswer(null, Set.of(), Set.of(dropped));
    }

    static ExpectedAnswer refused(ErrorCode code, String... named) {
        return new ExpectedAnswer(code, Set.of(named), Set.of());
    }

    /** For a person; the code says what the status is. */
    String text() {
        return code == null ? "AUTHENTICATED" : code.name();
    }

    /** How a result is called beside {@link #text}. */
    static String text(GuestAuthResult result) {
        return switch (result) {
            case Authenticated authenticated -> authenticated.status().name();
            case NotAuthenticated refused -> refused.error().code().name();
        };
    }

    /** What is wrong with the result, if anything is. */
    Optional<String> objection(GuestAuthResult result) {
        if (!text(result).equals(text())) {
            return Optional.of("expected " + text() + ", got " + text(result));
        }
        return switch (result) {
            case Authenticated authenticated -> objection(authenticated);
            case NotAuthenticated refused -> objection(refused.error());
        };
    }

    private Optional<String> objection(Authenticated result) {
        Set<ContextDrop> actual = result.contextDropped().stream().collect(toSet());
        return actual.equals(dropped)
                ? Optional.empty()
                : Optional.of("expected the context to lose " + dropped + ", it lost " + actual);
    }

    private Optional<String> objection(AuthError error) {
        if (WITH_SECONDS.contains(error.code()) && error.retryAfterSeconds() == null) {
            return Optional.of(error.code() + " does not say when to try again");
        }
        Set<String> unnamed =
                named.stream().filter(name -> !error.message().contains(name)).collect(toSet());
        return unnamed.isEmpty() ? Optional.empty() : Optional.of(error.code() + " does not name " + unnamed);
    }
}
