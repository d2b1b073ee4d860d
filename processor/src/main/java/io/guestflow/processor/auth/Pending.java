package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An attempt whose command was written and whose outcome is awaited.
 *
 * @param opening the request record: a record that comes again, which happens under at-least-once only, is no repeat
 * @param sentAt the request record's timestamp, which latency is counted from
 * @param deadline when the caller is answered whatever CXone does
 */
record Pending(
        String commandId,
        String requestRef,
        int attempt,
        String channelId,
        Consent consent,
        Map<String, JsonNode> context,
        List<ContextDrop> contextDropped,
        Source opening,
        Instant sentAt,
        Instant deadline,
        Trace trace) {
    static final JsonCodec<Pending> CODEC =
            JsonCodec.stored("auth-kept/1", RequestStore.MAX_ENTRY_BYTES, Pending::read);

    static Pending read(Fields in) {
        return new Pending(
                in.id("commandId"),
                in.id("requestRef"),
                in.count("attempt", 1),
                in.id("channelId"),
                Consent.read(in.object("consent")),
                in.members("context"),
                in.objects("contextDropped", ContextDrop::read),
                Source.read(in.object("opening")),
                in.time("sentAt"),
                in.time("deadline"),
                StoredTrace.read(in.object("trace")));
    }
}
