package io.guestflow.processor.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.GuestAuthRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Writes the records that guests send; all content is made up. */
final class Messages {
    /** Stands in everything that must not leave the requests' topic: it may be in no result and no dead letter. */
    static final String NEVER_TOLD = "never-told";

    static final String CHANNEL = "web-messaging-channel-01";
    static final String CHANNEL_CXONE_FORBIDS = "web-messaging-closed";
    /** What the processor is set to allow. */
    static final List<String> CHANNELS_ALLOWED = List.of(CHANNEL, CHANNEL_CXONE_FORBIDS);

    static final long PATIENT_MS = 15_000;

    private static final String TOPIC = Topics.GUEST_AUTH_REQUESTS.name();

    private final InstantSource clock;
    private final int partitions;

    /** @param partitions of the requests' topic */
    Messages(InstantSource clock, int partitions) {
        this.clock = clock;
        this.partitions = partitions;
    }

    /** A request as a web tier writes it; what it says can be changed before it is {@link Draft#keyed}. */
    Draft request(String guestId, String requestId) {
        return new Draft(new GuestAuthRequest(
                requestId, guestId, CHANNEL, new Consent(true, clock.instant(), "v2.1"), Map.of(), PATIENT_MS));
    }

    /** Both ids can be read, and three fields are wrong. */
    ProducerRecord<byte[], byte[]> invalid(String guestId, String requestId) {
        return text(guestId, """
                {"requestId":"%s","guestId":"%s","channelId":17,"consent":{"accepted":"yes"},"timeoutMs":"soon"}""".formatted(requestId, guestId));
    }

    /** No two in a row are bad in the same way. */
    ProducerRecord<byte[], byte[]> garbage(int number) {
        return switch (number % 5) {
            case 0 -> text(NEVER_TOLD, "this is not JSON, " + NEVER_TOLD);
            case 1 -> text(NEVER_TOLD, """
                    {"requestId":"r1","guestId":"%s","guestId":"%s"}""".formatted(NEVER_TOLD, NEVER_TOLD));
            case 2 -> new ProducerRecord<>(TOPIC, NEVER_TOLD.getBytes(UTF_8), null);
            case 3 -> text(NEVER_TOLD, "[\"" + NEVER_TOLD + "\"]");
            default -> text(NEVER_TOLD, "\"" + NEVER_TOLD.repeat(7_000) + "\"");
        };
    }

    private static ProducerRecord<byte[], byte[]> text(String key, String value) {
        return new ProducerRecord<>(TOPIC, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    /** A request before it is sent. */
    final class Draft {
        private final GuestAuthRequest request;

        private Draft(GuestAuthRequest request) {
            this.request = request;
        }

        Draft channel(String channelId) {
            return with(channelId, request.consent(), request.context(), request.timeoutMs());
        }

        Draft withoutConsent() {
            return with(
                    request.channelId(),
                    new Consent(false, clock.instant(), "v2.1"),
                    request.context(),
                    request.timeoutMs());
        }

        Draft context(String key, String value) {
            var context = new HashMap<String, JsonNode>(request.context());
            context.put(key, JsonNodeFactory.instance.stringNode(value));
            return with(request.channelId(), request.consent(), context, request.timeoutMs());
        }

        Draft timeoutMs(long timeoutMs) {
            return with(request.channelId(), request.consent(), request.context(), timeoutMs);
        }

        /** As the contract asks: keyed by the guest, in the partition of the key's hash. */
        ProducerRecord<byte[], byte[]> keyed() {
            return record(null, request.guestId());
        }

        /** As a producer with a partitioner of its own writes it. */
        ProducerRecord<byte[], byte[]> inForeignPartition() {
            byte[] key = request.guestId().getBytes(UTF_8);
            int home = Utils.toPositive(Utils.murmur2(key)) % partitions;
            return record((home + 1) % partitions, request.guestId());
        }

        ProducerRecord<byte[], byte[]> keyedBy(@Nullable String key) {
            return record(null, key);
        }

        private ProducerRecord<byte[], byte[]> record(@Nullable Integer partition, @Nullable String key) {
            var headers = List.of(new RecordHeader(
                    RecordHeaders.SCHEMA, GuestAuthRequest.CODEC.schema().getBytes(UTF_8)));
            return new ProducerRecord<>(
                    TOPIC,
                    partition,
                    key == null ? null : key.getBytes(UTF_8),
                    GuestAuthRequest.CODEC.write(request),
                    List.copyOf(headers));
        }

        private Draft with(String channelId, Consent consent, Map<String, JsonNode> context, @Nullable Long timeoutMs) {
            return new Draft(new GuestAuthRequest(
                    request.requestId(), request.guestId(), channelId, consent, context, timeoutMs));
        }
    }
}
