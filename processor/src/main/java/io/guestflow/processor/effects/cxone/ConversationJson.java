package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.cxonetime.LooseTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The bodies of the conversation calls, written and read as DESIGN section 4 has them. */
final class ConversationJson {

    private static final int MAX_ID = 128;
    private static final int MAX_DEPTH = 32;
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConversationJson() {}

    static byte[] create(CreateConversation command, List<String> initialQueueIds) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("channel").put("id", command.channelId());
        body.putObject("guest")
                .put("id", command.guestId())
                .put("name", "Web Visitor")
                .putNull("email");
        consent(body, command.consentTimestamp(), command.consentPolicyVersion());
        ArrayNode queues = body.putObject("conversation").put("type", "web").putArray("initialQueueIds");
        initialQueueIds.forEach(queues::add);
        return JSON.writeValueAsBytes(body);
    }

    static byte[] extend(ExtendConversation command) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("channel").put("id", command.channelId());
        body.putObject("guest").put("id", command.guestId());
        consent(body, command.consentTimestamp(), command.consentPolicyVersion());
        return JSON.writeValueAsBytes(body);
    }

    private static void consent(ObjectNode body, Instant timestamp, @Nullable String policyVersion) {
        ObjectNode consent = body.putObject("consent").put("accepted", true).put("timestamp", MILLIS.format(timestamp));
        if (policyVersion != null) {
            consent.put("policy_version", policyVersion);
        }
    }

    static byte[] context(InjectContext command) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode context = body.putObject("context");
        command.context().forEach(context::set);
        body.putObject("guestAttributes").put("privacy_compliant", true).put("pii_filtered", true);
        return JSON.writeValueAsBytes(body);
    }

    /** The conversation that an answer tells of; null when it cannot be read or lacks what it must have. */
    static @Nullable Conversation conversation(byte[] body, Instant now) {
        JsonNode json = object(body);
        String id = json == null ? null : id(json);
        Instant expiresAt = json == null ? null : expiresAt(json, now);
        return id == null || expiresAt == null ? null : new Conversation(id, expiresAt);
    }

    /** What an extending call was answered; null when it cannot be read or names no conversation. */
    static @Nullable Extension extension(byte[] body, Instant now) {
        JsonNode json = object(body);
        String id = json == null ? null : id(json);
        return json == null || id == null ? null : new Extension(id, expiresAt(json, now));
    }

    /** Whether an answer tells of this very conversation: sessions write UUIDs in lower case, CXone as it likes. */
    static boolean tellsOf(String conversationId, byte[] body) {
        JsonNode json = object(body);
        return json != null && conversationId.equalsIgnoreCase(id(json));
    }

    /** One JSON object and nothing behind it, or null. */
    static @Nullable JsonNode object(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json.isObject() ? json : null;
        } catch (JacksonException e) {
            // The answer is unreadable, which is all that anybody may know of it: its text may hold a token or a guest.
            return null;
        }
    }

    /** An object to be filled, and then written by {@link #bytes}. */
    static ObjectNode newObject() {
        return JSON.createObjectNode();
    }

    static byte[] bytes(ObjectNode body) {
        return JSON.writeValueAsBytes(body);
    }

    private static @Nullable String id(JsonNode json) {
        return idIn(json.path("id"));
    }

    /** A conversation's id as it can stand in a path and on a topic, or null. */
    static @Nullable String idIn(JsonNode node) {
        String id = node.stringValue("");
        boolean sound =
                PathSegment.encodable(id) && id.length() <= MAX_ID && id.chars().noneMatch(Character::isISOControl);
        return sound ? id : null;
    }

    /** Years that an outcome's reader takes: .NET's unset date, the year 1, is no expiry. */
    private static @Nullable Instant expressible(Instant at) {
        return at.isBefore(Instant.EPOCH) || !at.isBefore(END_OF_TIME) ? null : at;
    }

    private static @Nullable Instant expiresAt(JsonNode json, Instant now) {
        JsonNode at = json.path("expiresAt");
        JsonNode in = json.path("expiresIn");
        if (at.isString()) {
            return time(at);
        }
        boolean absent = at.isMissingNode() || at.isNull();
        boolean relative = in.isIntegralNumber() && in.canConvertToInt() && in.intValue() > 0;
        try {
            return absent && relative ? now.plusSeconds(in.intValue()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The time that a text says, in any of the forms that CXone writes, or null. */
    static @Nullable Instant time(JsonNode node) {
        String time = node.stringValue("");
        // ISO 8601 knows years of nine digits behind a sign; RFC 3339 and whoever reads our topics do not.
        if (time.isEmpty() || time.startsWith("+") || time.startsWith("-")) {
            return null;
        }
        Instant loose = LooseTime.parse(time);
        if (loose != null) {
            return expressible(loose);
        }
        // Times without seconds, or with them in the offset.
        try {
            return expressible(OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
