package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How the tenant is set up; every value may be changed while it serves.
 *
 * <p>Threading: any thread may read and change; a call in progress may see either value.
 */
final class Behaviour {

    volatile Duration latency = Duration.ZERO;
    volatile Duration jitter = Duration.ZERO;
    volatile Duration tokenLifetime = Duration.ofHours(1);
    volatile Duration conversationLifetime = Duration.ofMinutes(30);
    volatile boolean extendOnRepeat = true;
    volatile boolean honourIdempotencyKey = true;
    /** Whether an extension answers with another conversation, the old one being closed. */
    volatile boolean replaceOnExtend;

    volatile Told openingTells = Told.AT;
    volatile Told extensionTells = Told.AT;
    /** On these channels extensions tell this instead. */
    volatile Map<String, Told> extensionTellsOn = Map.of();

    /** How long after its end a conversation is told by the details query; 0 tells it even while it lives. */
    volatile Duration detailsAfter = Duration.ZERO;
    /** Conversations that the details query never tells. */
    volatile Set<String> detailsNever = Set.of();
    /** Conversations for which the details query answers 400, whatever else it is asked for. */
    volatile Set<String> detailsRefused = Set.of();
    /** The most rows of one page of its answer. */
    volatile int detailsPageSize = Integer.MAX_VALUE;
    /** What is wrong with its pages. */
    volatile DetailsFault detailsFault = DetailsFault.NONE;

    /** What a call about a conversation that has ended is answered: 404 or 410. */
    volatile int endedStatus = 404;
    /** Whether there is a close call. */
    volatile boolean closeCall;

    volatile Set<String> forbiddenChannels = Set.of();
    /** The status of the refusal, 0 = credentials are accepted. */
    volatile int refuseCredentials;

    volatile @Nullable String clientId;
    volatile @Nullable String clientSecret;
    /** What a call over the tenant limit is told. */
    volatile RetryAfter limitRetryAfter = new RetryAfter.Seconds(1);

    volatile int callsPerSecond;

    /** How an extension on that channel tells the conversation's end. */
    Told extensionTells(String channelId) {
        return extensionTellsOn.getOrDefault(channelId, extensionTells);
    }

    /** Changes what the object names and leaves the rest. */
    void change(JsonNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "latencyMs" -> latency = Duration.ofMillis(value.longValue());
                case "jitterMs" -> jitter = Duration.ofMillis(value.longValue());
                case "tokenLifetimeMs" -> tokenLifetime = Duration.ofMillis(value.longValue());
                case "conversationLifetimeMs" -> conversationLifetime = Duration.ofMillis(value.longValue());
                case "extendOnRepeat" -> extendOnRepeat = value.booleanValue();
                case "honourIdempotencyKey" -> honourIdempotencyKey = value.booleanValue();
                case "replaceOnExtend" -> replaceOnExtend = value.booleanValue();
                case "openingTells" -> openingTells = Told.parse(value.stringValue());
                case "extensionTells" -> extensionTells = Told.parse(value.stringValue());
                case "endedStatus" -> endedStatus = value.intValue();
                case "detailsAfterMs" -> detailsAfter = Duration.ofMillis(value.longValue());
                case "detailsPageSize" -> detailsPageSize = value.intValue();
                case "detailsFault" -> detailsFault = DetailsFault.parse(value.stringValue());
                case "closeCall" -> closeCall = value.booleanValue();
                case "refuseCredentials" -> refuseCredentials = value.intValue();
                case "callsPerSecond" -> callsPerSecond = value.intValue();
                case "limitRetryAfter" -> limitRetryAfter = RetryAfter.parse(value.asString());
                case "forbiddenChannels" -> {
                    Set<String> channels = new TreeSet<>();
                    value.forEach(channel -> channels.add(channel.stringValue()));
                    forbiddenChannels = Set.copyOf(channels);
                }
                default -> throw new IllegalArgumentException("unknown setting '" + field.getKey() + "'");
            }
        }
    }

    Map<String, Object> describe() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("latencyMs", latency.toMillis());
        all.put("jitterMs", jitter.toMillis());
        all.put("tokenLifetimeMs", tokenLifetime.toMillis());
        all.put("conversationLifetimeMs", conversationLifetime.toMillis());
        all.put("extendOnRepeat", extendOnRepeat);
        all.put("honourIdempotencyKey", honourIdempotencyKey);
        all.put("replaceOnExtend", replaceOnExtend);
        all.put("openingTells", openingTells.label());
        all.put("extensionTells", extensionTells.label());
        all.put("endedStatus", endedStatus);
        all.put("detailsAfterMs", detailsAfter.toMillis());
        all.put("detailsPageSize", detailsPageSize);
        all.put("detailsFault", detailsFault.name());
        all.put("closeCall", closeCall);
        all.put("refuseCredentials", refuseCredentials);
        all.put("callsPerSecond", callsPerSecond);
        all.put("limitRetryAfter", limitRetryAfter.toString());
        all.put("forbiddenChannels", forbiddenChannels);
        return all;
    }
}
