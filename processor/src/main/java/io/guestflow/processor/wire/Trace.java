package io.guestflow.processor.wire;

import io.guestflow.contracts.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The caller's trace and correlation id, passed on from record to record. What has not the right shape is left behind:
 * it would reach HTTP headers and other programs' logs.
 *
 * @param traceparent W3C Trace Context, version 00
 * @param correlationId 1 to 128 visible ASCII characters
 */
public record Trace(@Nullable String traceparent, @Nullable String correlationId) {
    /** No trace. */
    public static final Trace NONE = new Trace(null, null);

    private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern CORRELATION_ID = Pattern.compile("[!-~]{1,128}");

    /** The trace in a record's headers. */
    public static Trace of(Headers headers) {
        return new Trace(
                shaped(headers.lastHeader(RecordHeaders.TRACEPARENT), TRACEPARENT),
                shaped(headers.lastHeader(RecordHeaders.CORRELATION_ID), CORRELATION_ID));
    }

    /** Adds what there is to a record's headers. */
    public void addTo(Headers headers) {
        if (traceparent != null) {
            headers.add(RecordHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
        }
        if (correlationId != null) {
            headers.add(RecordHeaders.CORRELATION_ID, correlationId.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static @Nullable String shaped(@Nullable Header header, Pattern shape) {
        if (header == null || header.value() == null || header.value().length > 128) {
            return null;
        }
        String text = new String(header.value(), StandardCharsets.ISO_8859_1);
        return shape.matcher(text).matches() ? text : null;
    }
}
