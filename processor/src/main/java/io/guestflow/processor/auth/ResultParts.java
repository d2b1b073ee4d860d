package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.processor.facts.AuthFacts.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What results and facts are made of, whatever the end. */
final class ResultParts {
    private ResultParts() {}

    static NotAuthenticated notAuthenticated(
            String requestId,
            int attempt,
            String guestId,
            @Nullable String channelId,
            AuthError error,
            Instant sentAt,
            Instant now) {
        return new NotAuthenticated(
                requestId, attempt, guestId, channelId, error.code().status(), now, latencyMs(sentAt, now), error);
    }

    static Asked asked(String requestId, Pending pending) {
        return new Asked(
                requestId,
                pending.attempt(),
                pending.consent(),
                List.copyOf(pending.context().keySet()),
                pending.contextDropped());
    }

    static Dimensions dimensionsOf(@Nullable String channelId, Map<String, JsonNode> context) {
        return new Dimensions(channelId, text(context.get("segment")), text(context.get("campaign")));
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        // A key of the allow-list may be set to longer values than a dimension has, or to none.
        String text = value.asString();
        return text.isEmpty() || text.length() > Dimensions.LONGEST ? null : text;
    }

    static long latencyMs(Instant sentAt, Instant now) {
        return Math.max(0, Duration.between(sentAt, now).toMillis());
    }
}
