package io.guestflow.contracts.alerts;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * What the facts of one partition come to in one slot of a rolling window, the whole of it: a later record of the same
 * scope, slot and partition takes the place of this one. On {@code guest-alert-counts}, in the partition of its scope.
 *
 * @param scope as alerts have it
 * @param slotStart when the slot begins; slots begin at multiples of their length since 1970
 * @param slotMs how long it is, in milliseconds
 * @param sourcePartition of {@code guest-facts}
 * @param attempts authentications that ended
 * @param failed those of them that failed
 * @param refreshes refreshes that were answered, whatever came of them
 * @param refreshFailed sessions that ended because CXone did not move their end
 * @param replaced sessions that ended because CXone has another conversation for the guest
 * @param gone sessions that ended because a call was answered that their conversation is gone
 */
public record AlertCounts(
        String scope,
        Instant slotStart,
        long slotMs,
        int sourcePartition,
        long attempts,
        long failed,
        long refreshes,
        long refreshFailed,
        long replaced,
        long gone) {
    /** Version 1. */
    public static final JsonCodec<AlertCounts> CODEC = JsonCodec.of("guest-alert-counts/1", AlertCounts::read);

    private static AlertCounts read(Fields in) {
        return new AlertCounts(
                in.text("scope", Alert.LONGEST_SCOPE),
                in.time("slotStart"),
                in.whole("slotMs", 1, Fields.MAX_WHOLE),
                in.count("sourcePartition", 0),
                in.whole("attempts", 0, Fields.MAX_WHOLE),
                in.whole("failed", 0, Fields.MAX_WHOLE),
                in.whole("refreshes", 0, Fields.MAX_WHOLE),
                in.whole("refreshFailed", 0, Fields.MAX_WHOLE),
                in.whole("replaced", 0, Fields.MAX_WHOLE),
                in.whole("gone", 0, Fields.MAX_WHOLE));
    }
}
