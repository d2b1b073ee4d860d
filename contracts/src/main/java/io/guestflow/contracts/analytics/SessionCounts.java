package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;

/**
 * What became of sessions in a window.
 *
 * @param opened began
 * @param refreshed had their end moved
 * @param expired were ended by time
 * @param closed were ended by anything else
 */
public record SessionCounts(long opened, long refreshed, long expired, long closed) {
    static SessionCounts read(Fields in) {
        return new SessionCounts(
                in.whole("opened", 0, Fields.MAX_WHOLE),
                in.whole("refreshed", 0, Fields.MAX_WHOLE),
                in.whole("expired", 0, Fields.MAX_WHOLE),
                in.whole("closed", 0, Fields.MAX_WHOLE));
    }
}
