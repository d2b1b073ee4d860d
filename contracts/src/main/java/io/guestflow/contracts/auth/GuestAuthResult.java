package io.guestflow.contracts.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem.Defect;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link GuestAuthRequest}. On {@code guest-auth-results}, key {@code guestId}: exactly one final result
 * for each guest, request and attempt; a result that is given again has the header {@code replayed}.
 */
public sealed interface GuestAuthResult {
    /** Version 1. */
    JsonCodec<GuestAuthResult> CODEC = JsonCodec.of("guest-auth-result/1", GuestAuthResult::read);

    /** The caller's id of the request. */
    String requestId();

    /** Which try at this request, from 1 on. */
    int attempt();

    /** The guest. */
    String guestId();

    /** How it ended. */
    AuthStatus status();

    /** When the result was decided. */
    Instant completedAt();

    /** From the request record's timestamp to the result, in milliseconds. */
    long latencyMs();

    /** Whether the same request, sent again, is tried again. */
    boolean retryable();

    /**
     * CXone has a conversation for the guest.
     *
     * @param conversationId CXone's id
     * @param expiresAt when CXone ends the conversation unless it is refreshed
     * @param contextInjected whether the bot has the context by now; false if there was none to inject
     * @param contextDropped what was not given to the bot
     */
    record Authenticated(
            String requestId,
            int attempt,
            String guestId,
            String channelId,
            String conversationId,
            Instant expiresAt,
            boolean contextInjected,
            List<ContextDrop> contextDropped,
            Instant completedAt,
            long latencyMs)
            implements GuestAuthResult {
        /** Keeps its own copy of what was dropped. */
        public Authenticated {
            contextDropped = List.copyOf(contextDropped);
        }

        @Override
        @JsonProperty("status")
        public AuthStatus status() {
            return AuthStatus.AUTHENTICATED;
        }

        @Override
        public boolean retryable() {
            return false;
        }
    }

    /**
     * There is no conversation.
     *
     * @param channelId absent if the request's was unreadable
     * @param error why
     */
    record NotAuthenticated(
            String requestId,
            int attempt,
            String guestId,
            @Nullable String channelId,
            AuthStatus status,
            Instant completedAt,
            long latencyMs,
            AuthError error)
            implements GuestAuthResult {
        @Override
        public boolean retryable() {
            return error.retryable();
        }
    }

    private static GuestAuthResult read(Fields in) {
        String requestId = in.id("requestId");
        int attempt = in.count("attempt", 1);
        String guestId = in.id("guestId");
        Instant completedAt = in.time("completedAt");
        long latencyMs = in.whole("latencyMs", 0, Fields.MAX_WHOLE);
        int before = in.problems().size();
        AuthStatus status = in.oneOf("status", AuthStatus.class);
        if (in.problems().size() > before) {
            // Without a status there is no telling which other fields should be there.
            in.check();
        }
        if (status == AuthStatus.AUTHENTICATED) {
            return new Authenticated(
                    requestId,
                    attempt,
                    guestId,
                    in.id("channelId"),
                    in.id("conversationId"),
                    in.time("expiresAt"),
                    in.flag("contextInjected"),
                    ContextDrop.readAll(in, "contextDropped"),
                    completedAt,
                    latencyMs);
        }
        before = in.problems().size();
        AuthError error = AuthError.read(in.object("error"));
        if (in.problems().size() == before && error.code().status() != status) {
            in.problem("status", Defect.WRONG, "must be the status that goes with error.code");
        }
        return new NotAuthenticated(
                requestId, attempt, guestId, in.optionalId("channelId"), status, completedAt, latencyMs, error);
    }
}
