package io.guestflow.processor.wire;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.facts.Source;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Where records come from. */
public final class Origin {
    private Origin() {}

    /** The record being processed. */
    public static Source of(ProcessingContext context) {
        RecordMetadata metadata = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("no record is being processed, so there is no origin"));
        return new Source(metadata.topic(), metadata.partition(), metadata.offset());
    }

    /** What the header {@code origin} of a record that is passed on says. */
    public static byte[] text(Source source) {
        return (source.topic() + "/" + source.partition() + "/" + source.offset()).getBytes(StandardCharsets.UTF_8);
    }

    /** The record that one of our own topics' records was copied from; where the header is missing, the copy itself. */
    public static Source before(Headers headers, Source copy) {
        Header header = headers.lastHeader(RecordHeaders.ORIGIN);
        if (header == null) {
            return copy;
        }
        String[] parts = new String(header.value(), StandardCharsets.UTF_8).split("/", -1);
        return new Source(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }
}
