package io.guestflow.contracts.audit;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.facts.EndReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What only some events have: when a conversation begins and ends, and why. All of it is optional. None of it is free
 * text but {@code detail}, which may be what a caller gave as the reason of a revocation.
 *
 * @param openedAt when the session began
 * @param expiresAt when CXone ends the conversation unless it is refreshed
 * @param previousExpiresAt when it would have ended before
 * @param lastActivityAt the guest's last activity, if there was any
 * @param endedAt when the session ended
 * @param endReason why it ended
 * @param refreshes how often its end was moved by then
 * @param byAuthentication whether the end was moved because the guest was authenticated again, without a call
 * @param expiresAtTold false if CXone told no later end, and the one known before stays
 * @param inbound messages of the guest
 * @param outbound messages to the guest
 * @param replacedBy the conversation that CXone has instead
 * @param upstreamUntil how long CXone keeps the conversation, if it could not be ended there
 * @param detail more about the end: a revocation's own reason, or an error code
 * @param heldEvents how many events had waited for their guest
 * @param measured what CXone told of the conversation when it was asked for its own figures
 */
public record AuditDetails(
        @Nullable Instant openedAt,
        @Nullable Instant expiresAt,
        @Nullable Instant previousExpiresAt,
        @Nullable Instant lastActivityAt,
        @Nullable Instant endedAt,
        @Nullable EndReason endReason,
        @Nullable Integer refreshes,
        @Nullable Boolean byAuthentication,
        @Nullable Boolean expiresAtTold,
        @Nullable Integer inbound,
        @Nullable Integer outbound,
        @Nullable String replacedBy,
        @Nullable Instant upstreamUntil,
        @Nullable String detail,
        @Nullable Integer heldEvents,
        @Nullable Measured measured) {

    /**
     * What came of asking CXone for its own figures of a conversation.
     *
     * @param asked how often it was asked and answered
     * @param durationMs CXone's; absent, like the three others, unless it told them
     * @param messages CXone's, in both directions
     * @param durationDifferenceMs CXone's less ours
     * @param messagesDifference CXone's less ours
     */
    public record Measured(
            int asked,
            @Nullable Long durationMs,
            @Nullable Long messages,
            @Nullable Long durationDifferenceMs,
            @Nullable Long messagesDifference) {
        private static Measured read(Fields in) {
            return new Measured(
                    in.count("asked", 0),
                    in.optionalWhole("durationMs", 0, Fields.MAX_WHOLE),
                    in.optionalWhole("messages", 0, Integer.MAX_VALUE),
                    in.optionalWhole("durationDifferenceMs", -Fields.MAX_WHOLE, Fields.MAX_WHOLE),
                    in.optionalWhole("messagesDifference", -Fields.MAX_WHOLE, Fields.MAX_WHOLE));
        }
    }

    /** Of anything but figures. */
    public AuditDetails(
            @Nullable Instant openedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant previousExpiresAt,
            @Nullable Instant lastActivityAt,
            @Nullable Instant endedAt,
            @Nullable EndReason endReason,
            @Nullable Integer refreshes,
            @Nullable Boolean byAuthentication,
            @Nullable Boolean expiresAtTold,
            @Nullable Integer inbound,
            @Nullable Integer outbound,
            @Nullable String replacedBy,
            @Nullable Instant upstreamUntil,
            @Nullable String detail,
            @Nullable Integer heldEvents) {
        this(
                openedAt,
                expiresAt,
                previousExpiresAt,
                lastActivityAt,
                endedAt,
                endReason,
                refreshes,
                byAuthentication,
                expiresAtTold,
                inbound,
                outbound,
                replacedBy,
                upstreamUntil,
                detail,
                heldEvents,
                null);
    }

    /** Of figures and nothing else. */
    public static AuditDetails of(Measured measured) {
        return new AuditDetails(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, measured);
    }

    static AuditDetails read(Fields in) {
        Fields measured = in.optionalObject("measured");
        return new AuditDetails(
                in.optionalTime("openedAt"),
                in.optionalTime("expiresAt"),
                in.optionalTime("previousExpiresAt"),
                in.optionalTime("lastActivityAt"),
                in.optionalTime("endedAt"),
                in.optionalOneOf("endReason", EndReason.class),
                in.optionalCount("refreshes", 0),
                in.optionalFlag("byAuthentication"),
                in.optionalFlag("expiresAtTold"),
                in.optionalCount("inbound", 0),
                in.optionalCount("outbound", 0),
                in.optionalId("replacedBy"),
                in.optionalTime("upstreamUntil"),
                in.optionalId("detail"),
                in.optionalCount("heldEvents", 0),
                measured == null ? null : Measured.read(measured));
    }
}
