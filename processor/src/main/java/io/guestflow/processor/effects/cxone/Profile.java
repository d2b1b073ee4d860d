package io.guestflow.processor.effects.cxone;

/**
 * Where one kind of CXone tenant differs from another: paths, header names, grant.
 *
 * @param contextPath with {@code {id}} where the conversation's id stands
 */
public record Profile(
        String name,
        String tokenPath,
        String grantType,
        String createPath,
        String contextPath,
        String contextHeader,
        String botVariablesHeader,
        String idempotencyKeyHeader,
        String correlationIdHeader) {

    /** The contract of the tutorial that guestflow follows by default; it is not NICE's published API. */
    public static final Profile TUTORIAL = new Profile(
            "tutorial",
            "/api/v2/oauth/token",
            "client_credentials",
            "/api/v2/channels/messaging/conversations",
            "/api/v2/channels/messaging/conversations/{id}",
            "X-NICE-Context",
            "X-CXone-Bot-Variables",
            "Idempotency-Key",
            "X-Correlation-Id");
}
