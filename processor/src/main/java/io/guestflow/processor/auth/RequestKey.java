package io.guestflow.processor.auth;

import io.guestflow.processor.facts.LengthPrefixed;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/** What requests are stored by; all requests of a guest lie behind one prefix. */
record RequestKey(String guestId, String requestId) {
    Bytes bytes() {
        return Bytes.wrap(LengthPrefixed.of(guestId, requestId));
    }

    static Bytes prefixOf(String guestId) {
        return Bytes.wrap(LengthPrefixed.of(guestId));
    }

    static RequestKey of(Bytes bytes) {
        List<String> parts = LengthPrefixed.read(bytes.get());
        return new RequestKey(parts.get(0), parts.get(1));
    }
}
