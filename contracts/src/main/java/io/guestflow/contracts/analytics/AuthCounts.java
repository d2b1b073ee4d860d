package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Attempts at authentication that ended in a window. A success after the deadline is none: its attempt has failed.
 *
 * @param attempts all of them
 * @param succeeded guests that were authenticated
 * @param rejected requests that may not be served
 * @param failed requests that could not be served
 * @param byStatus how often each HTTP status was the answer of one that did not succeed, in the order of the statuses
 */
public record AuthCounts(long attempts, long succeeded, long rejected, long failed, Map<String, Long> byStatus) {
    /** Keeps its own copy of the map. */
    public AuthCounts {
        byStatus = Collections.unmodifiableMap(new TreeMap<>(byStatus));
    }

    static AuthCounts read(Fields in) {
        return new AuthCounts(
                in.whole("attempts", 0, Fields.MAX_WHOLE),
                in.whole("succeeded", 0, Fields.MAX_WHOLE),
                in.whole("rejected", 0, Fields.MAX_WHOLE),
                in.whole("failed", 0, Fields.MAX_WHOLE),
                in.countsByStatus("byStatus"));
    }
}
