package io.guestflow.contracts.alerts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/** What one partition of facts has to say to those who judge alerts. On {@code guest-alert-counts}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface AlertCounts {
    /** Version 1. */
    JsonCodec<AlertCounts> CODEC = JsonCodec.of("guest-alert-counts/1", AlertCounts::read);

    /** The partition of {@code guest-facts}. */
    int sourcePartition();

    /**
     * What the facts of the partition come to in one slot of a rolling window, the whole of it: a later record of the same
     * scope, slot and partition takes the place of this one. In the partition of its scope, which is its key.
     *
     * @param scope as alerts have it
     * @param slotStart when the slot begins; slots begin at multiples of their length since 1970
     * @param slotMs how long it is, in milliseconds
     * @param attempts authentications that ended
     * @param failed those of them that failed
     * @param refreshes refreshes that were answered, whatever came of them
     * @param refreshFailed sessions that ended because CXone did not move their end
     * @param replaced sessions that ended because CXone has another conversation for the guest
     * @param gone sessions that ended because their refresh was answered that the conversation is gone
     */
    record Slot(
            String scope,
            Instant slotStart,
            long slotMs,
            int sourcePartition,
            long attempts,
            long failed,
            long refreshes,
            long refreshFailed,
            long replaced,
            long gone)
            implements AlertCounts {}

    /**
     * What the partition's facts come to that were recorded until then was sent before this; later facts may be read too.
     * In each partition of the topic, key {@code read/sourcePartition}. The last one of a partition counts.
     *
     * @param until by the clock of who read them
     */
    record Read(int sourcePartition, Instant until) implements AlertCounts {}

    private static AlertCounts read(Fields in) {
        return switch (in.text("kind", Fields.MAX_ID)) {
            case "Slot" -> slot(in);
            case "Read" -> new Read(in.count("sourcePartition", 0), in.time("until"));
            default -> throw in.unknownKind();
        };
    }

    private static Slot slot(Fields in) {
        return new Slot(
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
