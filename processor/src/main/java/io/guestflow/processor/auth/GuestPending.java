package io.guestflow.processor.auth;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guest's requests that are pending, as one entry of the store: it is found by its key. A scan over a key for each
 * request would walk, for lack of an upper bound in Kafka Streams' iterators, over the tombstones of other guests up to
 * the next one who is pending.
 */
record GuestPending(List<Request> requests) {
    static final GuestPending NONE = new GuestPending(List.of());

    static final JsonCodec<GuestPending> CODEC = JsonCodec.stored(
            "auth-pending/1",
            RequestStore.MAX_ENTRY_BYTES,
            in -> new GuestPending(in.objects("requests", Request::read)));

    /** One of them. */
    record Request(String requestId, Pending pending) {
        private static Request read(Fields in) {
            return new Request(in.id("requestId"), Pending.read(in.object("pending")));
        }
    }

    /** How many. */
    int count() {
        return requests.size();
    }

    /** When the first of them ends at the latest; far in the future if there is none. */
    Instant firstDeadline() {
        return requests.stream()
                .map(request -> request.pending().deadline())
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** The attempt at that request, if it is pending. */
    @Nullable
    Pending of(String requestId) {
        for (Request request : requests) {
            if (request.requestId().equals(requestId)) {
                return request.pending();
            }
        }
        return null;
    }

    /** The same with this attempt at that request, or with none. */
    GuestPending with(String requestId, @Nullable Pending pending) {
        List<Request> changed = new ArrayList<>(requests);
        changed.removeIf(request -> request.requestId().equals(requestId));
        if (pending != null) {
            changed.add(new Request(requestId, pending));
        }
        return new GuestPending(List.copyOf(changed));
    }
}
