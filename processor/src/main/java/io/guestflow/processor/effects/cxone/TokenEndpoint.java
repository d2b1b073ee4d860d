package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.CallFailure.Cause;
import io.guestflow.processor.effects.cxone.Meters.Outcome;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The client credentials grant (RFC 6749, 4.4): one token call, its answer read or its failure named. */
final class TokenEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);

    /** The error codes of RFC 6749, 5.2: anything else in an answer is not ours to log. */
    private static final Set<String> KNOWN_ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private final HttpSettings settings;
    private final Gate gate;
    private final InstantSource clock;
    private final Meters meters;
    private final HttpRequest request;

    TokenEndpoint(HttpSettings settings, Gate gate, InstantSource clock, Meters meters) {
        this.settings = settings;
        this.gate = gate;
        this.clock = clock;
        this.meters = meters;
        String form = "grant_type=" + encoded(settings.profile().grantType())
                + "&client_id=" + encoded(settings.clientId())
                + "&client_secret=" + encoded(settings.clientSecret())
                + "&scope=" + encoded(String.join(" ", settings.scopes()));
        request = HttpRequest.newBuilder(settings.resolve(settings.profile().tokenPath()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(form))
                .build();
    }

    TokenAnswer fetch() {
        Instant askedAt = clock.instant();
        RetryLoop.Bounds bounds =
                new RetryLoop.Bounds(Lane.TOKEN, askedAt.plus(settings.callTimeout()), settings.callTimeout(), true);
        return switch (gate.call(bounds, false, () -> request)) {
            case GateAnswer.Held(CallFailure failure) ->
                none(
                        failure instanceof CallFailure.DeadlinePassed
                                ? new CallFailure.UpstreamError(null, Cause.TIMEOUT)
                                : failure);
            case GateAnswer.Unready _ ->
                throw new IllegalStateException("a token call has all that it sends from the start");
            case GateAnswer.Paused _ -> throw new IllegalStateException("token calls share the tenant's pauses");
            case GateAnswer.Broken(Cause cause, long nanos) -> {
                meters.call(Endpoint.TOKEN, Outcome.of(cause), nanos);
                yield none(new CallFailure.UpstreamError(null, cause));
            }
            case GateAnswer.Answered answered -> read(answered, askedAt);
        };
    }

    private TokenAnswer read(GateAnswer.Answered answered, Instant askedAt) {
        int status = answered.status();
        if (answered.success()) {
            Token token = token(answered.body(), askedAt);
            meters.call(Endpoint.TOKEN, token == null ? Outcome.UNREADABLE : Outcome.SUCCESS, answered.nanos());
            return token == null
                    ? none(new CallFailure.UpstreamError(status, Cause.UNREADABLE))
                    : new TokenAnswer.Issued(token);
        }
        Verdict verdict = Verdict.of(answered, false);
        meters.call(Endpoint.TOKEN, verdict.outcome(), answered.nanos());
        if (verdict.failure() instanceof CallFailure.RateLimited
                || verdict.failure() instanceof CallFailure.UpstreamError) {
            return none(verdict.failure());
        }
        LOG.error(
                "CXone refuses a token: {} {} from {}. Check CXONE_CLIENT_ID, CXONE_CLIENT_SECRET, CXONE_SCOPES and the"
                        + " base URL; asked again in {} s at the earliest",
                status,
                error(answered.body()),
                settings.profile().tokenPath(),
                TokenCache.REFUSAL_BELIEVED.toSeconds());
        return none(new CallFailure.Unauthorized(CallFailure.Which.CREDENTIALS));
    }

    private static TokenAnswer none(CallFailure failure) {
        return new TokenAnswer.None(failure);
    }

    private static @Nullable Token token(byte[] body, Instant askedAt) {
        JsonNode json = ConversationJson.object(body);
        if (json == null) {
            return null;
        }
        String value = json.path("access_token").stringValue("");
        JsonNode expiresIn = json.path("expires_in");
        if (!HeaderValues.isToken(value) || !expiresIn.isIntegralNumber() || !expiresIn.canConvertToLong()) {
            return null;
        }
        long seconds = expiresIn.longValue();
        return seconds <= 0 ? null : Token.issued(value, askedAt, Duration.ofSeconds(seconds));
    }

    private static String error(byte[] body) {
        JsonNode json = ConversationJson.object(body);
        String error = json == null ? "" : json.path("error").stringValue("");
        return KNOWN_ERRORS.contains(error) ? error : "(no OAuth error code)";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
