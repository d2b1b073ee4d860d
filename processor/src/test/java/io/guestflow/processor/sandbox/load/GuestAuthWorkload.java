package io.guestflow.processor.sandbox.load;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Good guests with a bit of context, each new: every request costs a conversation and an injection, and ends
 * AUTHENTICATED.
 */
public final class GuestAuthWorkload implements Workload {
    private static final byte[] SCHEMA = GuestAuthRequest.CODEC.schema().getBytes(StandardCharsets.UTF_8);
    /** The channel they all are on. */
    public static final String CHANNEL = "web-messaging-channel-01";
    /** Scalars that the default allow-list takes. */
    public static final Map<String, JsonNode> CONTEXT = context();

    private final Duration timeout;

    /** Callers who wait so long. */
    public GuestAuthWorkload(Duration timeout) {
        this.timeout = timeout;
    }

    /** The guest of a request. */
    public static String guestOf(String requestId) {
        return "guest-" + requestId;
    }

    @Override
    public String resultTopic() {
        return Topics.GUEST_AUTH_RESULTS.name();
    }

    @Override
    public ProducerRecord<byte[], byte[]> request(String requestId) {
        String guestId = guestOf(requestId);
        var request = new GuestAuthRequest(
                requestId, guestId, CHANNEL, new Consent(true, null, "v2.1"), CONTEXT, timeout.toMillis());
        var record = new ProducerRecord<>(
                Topics.GUEST_AUTH_REQUESTS.name(),
                guestId.getBytes(StandardCharsets.UTF_8),
                GuestAuthRequest.CODEC.write(request));
        record.headers().add(RecordHeaders.SCHEMA, SCHEMA);
        return record;
    }

    @Override
    public @Nullable Answer answer(ConsumerRecord<byte[], byte[]> record) {
        try {
            GuestAuthResult result = GuestAuthResult.CODEC.read(record.value());
            boolean replayed = record.headers().lastHeader(RecordHeaders.REPLAYED) != null;
            return new Answer(result.requestId(), replayed, outcome(result), isGood(result));
        } catch (ContractViolation unreadable) {
            return null;
        }
    }

    private static boolean isGood(GuestAuthResult result) {
        return result instanceof GuestAuthResult.Authenticated authenticated
                && authenticated.contextInjected()
                && authenticated.guestId().equals(guestOf(authenticated.requestId()));
    }

    private static String outcome(GuestAuthResult result) {
        return switch (result) {
            case GuestAuthResult.Authenticated authenticated ->
                authenticated.contextInjected() ? AuthStatus.AUTHENTICATED.name() : "AUTHENTICATED without context";
            case GuestAuthResult.NotAuthenticated refused ->
                refused.error().code().name();
        };
    }

    private static Map<String, JsonNode> context() {
        var context = new LinkedHashMap<String, JsonNode>();
        context.put("segment", StringNode.valueOf("anonymous"));
        context.put("campaign", StringNode.valueOf("organic"));
        context.put("device", StringNode.valueOf("web"));
        return Collections.unmodifiableMap(context);
    }
}
