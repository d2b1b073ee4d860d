package io.guestflow.processor.auth;

import io.guestflow.processor.facts.LengthPrefixed;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/** What requests are stored by: the guest and the request, or the guest alone. */
record RequestKey(String guestId, String requestId) {
    Bytes bytes() {
        return Bytes.wrap(LengthPrefixed.of(guestId, requestId));
    }

    Bytes guestBytes() {
        return Bytes.wrap(LengthPrefixed.of(guestId));
    }

    static RequestKey of(Bytes bytes) {
        List<String> parts = LengthPrefixed.read(bytes.get());
        return new RequestKey(parts.get(0), parts.get(1));
    }
}
