package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.processor.auth.AuthInput.Request;
import io.guestflow.processor.context.Screening;
import io.guestflow.processor.facts.AuthFacts.Asked;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An attempt that is refused before anything is asked of CXone. */
record Refused(
        int attempt,
        Request request,
        Instant sentAt,
        @Nullable String channelId,
        @Nullable Consent consent,
        @Nullable Screening screening) {
    Dimensions dimensions() {
        return ResultParts.dimensionsOf(channelId, screening == null ? Map.of() : screening.accepted());
    }

    Asked asked() {
        return new Asked(
                request.reading().requestId(),
                attempt,
                consent,
                screening == null ? List.of() : List.copyOf(screening.accepted().keySet()),
                screening == null ? List.of() : screening.dropped());
    }
}
