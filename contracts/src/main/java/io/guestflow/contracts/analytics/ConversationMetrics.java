package io.guestflow.contracts.analytics;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Measurement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finished conversation as we counted it and as CXone did. On {@code guest-conversation-metrics}, key
 * {@code conversationId}; once for each end of a session. Of a conversation that had several, the record with the latest
 * {@code own.endedAt} is of the last one, and what CXone tells is always of the whole conversation.
 *
 * @param guestRef stands for the guest
 * @param state what came of asking CXone
 * @param endReason why our session ended
 * @param own our figures
 * @param cxone CXone's; absent unless it was measured
 * @param difference CXone's less ours; absent unless it was measured, and where they are of something else: CXone says that
 *     it goes on, or that it began more than two minutes before the session
 * @param asked how often CXone was asked for the conversation and answered
 * @param syncedAt when the last answer came, or asking was given up
 */
public record ConversationMetrics(
        String conversationId,
        String guestRef,
        Dimensions dimensions,
        Measurement state,
        EndReason endReason,
        Own own,
        @Nullable Upstream cxone,
        @Nullable Difference difference,
        int asked,
        Instant syncedAt) {
    /** Version 1. */
    public static final JsonCodec<ConversationMetrics> CODEC =
            JsonCodec.of("guest-conversation-metrics/1", ConversationMetrics::read);

    /**
     * What we counted in the session.
     *
     * @param inbound messages of the guest
     * @param outbound messages to the guest
     */
    public record Own(Instant openedAt, Instant endedAt, long durationMs, int inbound, int outbound) {
        private static Own read(Fields in) {
            return new Own(
                    in.time("openedAt"),
                    in.time("endedAt"),
                    in.whole("durationMs", 0, Fields.MAX_WHOLE),
                    in.count("inbound", 0),
                    in.count("outbound", 0));
        }
    }

    /**
     * What CXone tells.
     *
     * @param startedAt when it began, if CXone says so
     * @param endedAt when it ended; absent if it goes on there
     * @param messages in both directions
     */
    public record Upstream(
            @Nullable Instant startedAt, @Nullable Instant endedAt, long durationMs, int messages) {
        private static Upstream read(Fields in) {
            return new Upstream(
                    in.optionalTime("startedAt"),
                    in.optionalTime("endedAt"),
                    in.whole("durationMs", 0, Fields.MAX_WHOLE),
                    in.count("messages", 0));
        }
    }

    /** CXone's figures less ours. */
    public record Difference(long durationMs, long messages) {
        private static Difference read(Fields in) {
            return new Difference(
                    in.whole("durationMs", -Fields.MAX_WHOLE, Fields.MAX_WHOLE),
                    in.whole("messages", -Fields.MAX_WHOLE, Fields.MAX_WHOLE));
        }
    }

    private static ConversationMetrics read(Fields in) {
        Fields cxone = in.optionalObject("cxone");
        Fields difference = in.optionalObject("difference");
        return new ConversationMetrics(
                in.id("conversationId"),
                in.id("guestRef"),
                Dimensions.read(in.object("dimensions")),
                in.oneOf("state", Measurement.class),
                in.oneOf("endReason", EndReason.class),
                Own.read(in.object("own")),
                cxone == null ? null : Upstream.read(cxone),
                difference == null ? null : Difference.read(difference),
                in.count("asked", 0),
                in.time("syncedAt"));
    }
}
