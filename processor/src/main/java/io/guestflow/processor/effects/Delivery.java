package io.guestflow.processor.effects;

import io.guestflow.contracts.RecordHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a handler learns of a command besides the command.
 *
 * @param redelivered whether an earlier run may have begun the same command, so that its calls may be repetitions
 * @param traceparent the caller's trace, as it was checked when it came in
 * @param correlationId the caller's correlation id, likewise
 */
public record Delivery(
        boolean redelivered,
        @Nullable String traceparent,
        @Nullable String correlationId) {

    static Delivery of(Headers headers, boolean redelivered) {
        return new Delivery(
                redelivered, text(headers, RecordHeaders.TRACEPARENT), text(headers, RecordHeaders.CORRELATION_ID));
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
