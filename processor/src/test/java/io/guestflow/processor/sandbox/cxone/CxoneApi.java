package io.guestflow.processor.sandbox.cxone;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The four calls of DESIGN section 4, and the close call, checked and answered as a real server would. */
final class CxoneApi {

    static final JsonMapper JSON = new JsonMapper();

    private static final String TOKEN = "/api/v2/oauth/token";
    private static final String CONVERSATIONS = "/api/v2/channels/messaging/conversations";
    private static final String QUERY = "/api/v2/analytics/conversations/details/query";
    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final Behaviour behaviour;
    private final Tenant tenant;
    private final Tokens tokens;
    private final DetailsQuery details;

    CxoneApi(Behaviour behaviour, Tenant tenant, Tokens tokens) {
        this.behaviour = behaviour;
        this.tenant = tenant;
        this.tokens = tokens;
        this.details = new DetailsQuery(behaviour, tenant, tokens);
    }

    DetailsQuery details() {
        return details;
    }

    /** The call that method and path stand for, null = there is no such call. */
    @Nullable
    Endpoint endpoint(Request request) {
        String path = request.path();
        if (request.method().equals("POST")) {
            return switch (path) {
                case CONVERSATIONS -> Endpoint.CREATE;
                case TOKEN -> Endpoint.TOKEN;
                case QUERY -> Endpoint.QUERY;
                default -> null;
            };
        }
        boolean named = path.length() > CONVERSATIONS.length() + 1
                && path.startsWith(CONVERSATIONS)
                && path.charAt(CONVERSATIONS.length()) == '/'
                && path.indexOf('/', CONVERSATIONS.length() + 1) < 0;
        if (!named) {
            return null;
        }
        return switch (request.method()) {
            case "PATCH" -> Endpoint.CONTEXT;
            case "DELETE" -> behaviour.closeCall ? Endpoint.CLOSE : null;
            default -> null;
        };
    }

    Answer answer(Endpoint endpoint, Request request, Instant now) {
        if (endpoint == Endpoint.TOKEN) {
            return token(request, now);
        }
        if (!tokens.accepts(request.header("authorization"), now)) {
            return Answer.refusal(401, "Authorization", "token unknown, expired or revoked")
                    .with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
        if (endpoint == Endpoint.CLOSE) {
            return close(request, now);
        }
        if (!request.contentTypeIs("application/json")) {
            return Answer.refusal(415, "Content-Type", "application/json is expected");
        }
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (JacksonException e) {
            return Answer.refusal(400, "body", "not JSON");
        }
        if (!body.isObject()) {
            return Answer.refusal(400, "body", "not an object");
        }
        return switch (endpoint) {
            case CREATE -> create(request, body, now);
            case CONTEXT -> inject(request, body, now);
            case QUERY -> details.answer(body, now);
            case TOKEN, CLOSE -> throw new IllegalStateException("answered above");
        };
    }

    private Answer token(Request request, Instant now) {
        if (!request.contentTypeIs("application/x-www-form-urlencoded")) {
            return oauthError(400, "invalid_request");
        }
        Map<String, String> form = form(request.text());
        String id = form.getOrDefault("client_id", "");
        String secret = form.getOrDefault("client_secret", "");
        if (!"client_credentials".equals(form.get("grant_type"))) {
            return oauthError(400, "unsupported_grant_type");
        }
        if (form.getOrDefault("scope", "").isBlank()) {
            return oauthError(400, "invalid_scope");
        }
        if (behaviour.refuseCredentials != 0) {
            return oauthError(behaviour.refuseCredentials, "invalid_client");
        }
        String wantedId = behaviour.clientId;
        String wantedSecret = behaviour.clientSecret;
        if (id.isEmpty()
                || secret.isEmpty()
                || (wantedId != null && !wantedId.equals(id))
                || (wantedSecret != null && !wantedSecret.equals(secret))) {
            return oauthError(400, "invalid_client");
        }
        ObjectNode body = object();
        body.put("access_token", tokens.issue(now, behaviour.tokenLifetime));
        body.put("token_type", "Bearer");
        body.put("expires_in", behaviour.tokenLifetime.toSeconds());
        return Answer.of(200, body).with("Cache-Control", "no-store");
    }

    private Answer create(Request request, JsonNode body, Instant now) {
        String channelId = body.path("channel").path("id").stringValue("");
        String guestId = body.path("guest").path("id").stringValue("");
        JsonNode consent = body.path("consent");
        if (channelId.isEmpty()) {
            return Answer.refusal(400, "channel.id", "required");
        }
        if (guestId.isEmpty()) {
            return Answer.refusal(400, "guest.id", "required");
        }
        if (!consent.path("accepted").booleanValue(false)) {
            return Answer.refusal(400, "consent.accepted", "must be true").onAccountOf(guestId);
        }
        if (!isTime(consent.path("timestamp").stringValue(""))) {
            return Answer.refusal(400, "consent.timestamp", "RFC 3339 time required")
                    .onAccountOf(guestId);
        }
        if (behaviour.forbiddenChannels.contains(channelId)) {
            return Answer.refusal(403, "channel.id", "not allowed on this channel")
                    .onAccountOf(guestId);
        }
        Tenant.Opened opened = tenant.open(
                guestId,
                channelId,
                behaviour.honourIdempotencyKey ? request.header("idempotency-key") : null,
                now,
                behaviour.conversationLifetime,
                new Tenant.OnRepeat(behaviour.extendOnRepeat, behaviour.replaceOnExtend));
        // A repeated key is answered as its conversation stands: once extended, as an extension.
        boolean extended = !opened.conversation().extensions().isEmpty();
        ObjectNode view = view(
                opened.conversation(), extended ? behaviour.extensionTells(channelId) : behaviour.openingTells, now);
        return Answer.of(opened.came() == Tenant.Came.OPENED ? 201 : 200, view).onAccountOf(guestId);
    }

    private Answer close(Request request, Instant now) {
        String id = named(request);
        Conversation known = tenant.conversation(id);
        if (known == null) {
            return Answer.refusal(404, "id", "no such conversation");
        }
        if (!known.live(now)) {
            return ended(known);
        }
        Conversation closed = tenant.close(id, now);
        return Answer.of(200, view(closed == null ? known : closed, Told.AT, now))
                .onAccountOf(known.guestId());
    }

    private Answer ended(Conversation conversation) {
        return Answer.refusal(behaviour.endedStatus, "id", "the conversation has ended")
                .onAccountOf(conversation.guestId());
    }

    private static String named(Request request) {
        String raw = request.path().substring(CONVERSATIONS.length() + 1);
        // In a path a plus sign is a plus sign; the form decoder would make it a space.
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Answer inject(Request request, JsonNode body, Instant now) {
        String id = named(request);
        JsonNode context = body.path("context");
        JsonNode attributes = body.path("guestAttributes");
        Conversation known = tenant.conversation(id);
        if (known == null) {
            return Answer.refusal(404, "id", "no such conversation");
        }
        if (!known.live(now)) {
            return ended(known);
        }
        if (!context.isObject() || context.valueStream().anyMatch(JsonNode::isContainer)) {
            return Answer.refusal(400, "context", "an object of scalars is required")
                    .onAccountOf(known.guestId());
        }
        if (!attributes.path("privacy_compliant").booleanValue(false)
                || !attributes.path("pii_filtered").booleanValue(false)) {
            return Answer.refusal(422, "guestAttributes", "privacy_compliant and pii_filtered must be true")
                    .onAccountOf(known.guestId());
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        context.properties().forEach(value -> values.put(value.getKey(), value.getValue()));
        Conversation injected = tenant.inject(id, values);
        return Answer.of(200, view(injected == null ? known : injected, Told.AT, now))
                .onAccountOf(known.guestId());
    }

    private static ObjectNode view(Conversation conversation, Told told, Instant now) {
        ObjectNode body = object();
        body.put("id", conversation.id());
        body.put("guestId", conversation.guestId());
        body.put("channelId", conversation.channelId());
        body.put("status", conversation.live(now) ? "active" : "closed");
        body.put("createdAt", millis(conversation.createdAt()));
        switch (told) {
            case AT -> body.put("expiresAt", millis(conversation.expiresAt()));
            case IN -> body.put("expiresIn", Math.max(0, ChronoUnit.SECONDS.between(now, conversation.expiresAt())));
            case NONE -> {}
            case PAST -> body.put("expiresAt", millis(now.minus(AN_HOUR)));
        }
        return body;
    }

    private static String millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Answer oauthError(int status, String error) {
        return Answer.of(status, object().put("error", error).put("error_description", "refused by the simulator"));
    }

    static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
