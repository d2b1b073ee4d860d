package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A webhook without its wrapping: bare, or a CloudEvent in binary or structured mode.
 *
 * @param payload the event itself
 * @param type the CloudEvent's attribute, for events that do not tell theirs
 * @param id likewise
 * @param time likewise
 */
record Envelope(
        ObjectNode payload,
        @Nullable String type,
        @Nullable String id,
        @Nullable String time) {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final int LONGEST = 256;

    /**
     * Unwraps a body.
     *
     * @throws ContractViolation if it is a CloudEvent whose data are no JSON object
     */
    static Envelope of(Headers headers, ObjectNode body) {
        String contentType = null;
        String type = null;
        String id = null;
        String time = null;
        for (Header header : headers) {
            // Gateways that copy HTTP headers keep their spelling; CloudEvents has "ce_" on Kafka and "ce-" on HTTP.
            switch (header.key().toLowerCase(Locale.ROOT)) {
                case "content-type" -> contentType = text(header);
                case "ce_type", "ce-type" -> type = text(header);
                case "ce_id", "ce-id" -> id = text(header);
                case "ce_time", "ce-time" -> time = text(header);
                default -> {}
            }
        }
        boolean structured = (contentType != null
                        && contentType.toLowerCase(Locale.ROOT).startsWith(STRUCTURED))
                || (Loose.text(body, "specversion") != null && Loose.text(body, "type") != null && body.has("data"));
        if (!structured) {
            return new Envelope(body, type, id == null || !Fields.isId(id) ? null : id, time);
        }
        ObjectNode data = Loose.object(body, "data");
        if (data == null) {
            throw new ContractViolation(
                    WebhookReader.SCHEMA,
                    List.of(new Problem("data", Defect.WRONG, "must be a JSON object, as it is a CloudEvent's")));
        }
        return new Envelope(data, Loose.text(body, "type"), Loose.id(body, "id"), Loose.text(body, "time"));
    }

    private static @Nullable String text(Header header) {
        byte[] value = header.value();
        return value == null || value.length == 0 || value.length > LONGEST
                ? null
                : new String(value, StandardCharsets.UTF_8);
    }
}
