package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;

/**
 * Messages that were written in a window.
 *
 * @param inbound by guests
 * @param outbound to guests
 */
public record MessageCounts(long inbound, long outbound) {
    static MessageCounts read(Fields in) {
        return new MessageCounts(in.whole("inbound", 0, Fields.MAX_WHOLE), in.whole("outbound", 0, Fields.MAX_WHOLE));
    }
}
