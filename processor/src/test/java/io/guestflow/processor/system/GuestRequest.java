package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request as a web tier puts it on the topic, of a guest that no other test has. Each method changes this and returns it.
 * The guest's id holds {@link Output#CANARY}, so that it cannot get into a log unseen.
 */
final class GuestRequest {
    static final String CHANNEL = "web-messaging-channel-01";

    private static final AtomicLong NUMBER = new AtomicLong();
    private static final JsonMapper JSON = new JsonMapper();

    private final String guestId;
    private final String requestId;
    private final ObjectNode value = JSON.createObjectNode();
    private final List<Header> headers = new ArrayList<>();
    private @Nullable String key;
    private @Nullable Integer partition;

    private GuestRequest(String guestId, String requestId) {
        this.guestId = guestId;
        this.requestId = requestId;
        this.key = guestId;
        value.put("requestId", requestId).put("guestId", guestId).put("channelId", CHANNEL);
        value.putObject("consent").put("accepted", true).put("policyVersion", "v2.1");
    }

    /** Complete and acceptable, without context. */
    static GuestRequest ofNewGuest() {
        return of("guest-" + Output.CANARY + "-" + NUMBER.incrementAndGet());
    }

    /** The same of a guest whose home is the partition. */
    static GuestRequest ofNewGuestIn(int home, int partitions) {
        GuestRequest request = ofNewGuest();
        while (homeOf(request.guestId, partitions) != home) {
            request = ofNewGuest();
        }
        return request;
    }

    /** Another request of a guest. */
    static GuestRequest of(String guestId) {
        return new GuestRequest(guestId, "request-" + NUMBER.incrementAndGet());
    }

    /** The partition that Kafka's default partitioner gives a guest. */
    static int homeOf(String guestId, int partitions) {
        return Utils.toPositive(Utils.murmur2(guestId.getBytes(UTF_8))) % partitions;
    }

    GuestRequest with(String field, @Nullable Object any) {
        value.putPOJO(field, any);
        return this;
    }

    GuestRequest without(String field) {
        value.remove(field);
        return this;
    }

    GuestRequest consent(String field, @Nullable Object any) {
        ((ObjectNode) value.get("consent")).putPOJO(field, any);
        return this;
    }

    GuestRequest context(String name, @Nullable Object any) {
        value.withObject("/context").putPOJO(name, any);
        return this;
    }

    GuestRequest timeoutMs(int millis) {
        return with("timeoutMs", millis);
    }

    GuestRequest header(String name, String text) {
        headers.add(new RecordHeader(name, text.getBytes(UTF_8)));
        return this;
    }

    /** Keys the record by something else than the guest. */
    GuestRequest key(@Nullable String other) {
        key = other;
        return this;
    }

    /** Puts the record where a producer with a partitioner of its own would. */
    GuestRequest partition(int foreign) {
        partition = foreign;
        return this;
    }

    String guestId() {
        return guestId;
    }

    String requestId() {
        return requestId;
    }

    ProducerRecord<byte[], byte[]> record() {
        byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
        return new ProducerRecord<>(
                Topics.GUEST_AUTH_REQUESTS.name(), partition, null, keyBytes, JSON.writeValueAsBytes(value), headers);
    }
}
