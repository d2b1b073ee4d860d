package io.guestflow.processor.audit;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What only some events have, of a fact's own fields. A session's duration is left out, being the time between two of
 * them.
 */
final class Details {
    private @Nullable Instant openedAt;
    private @Nullable Instant expiresAt;
    private @Nullable Instant previousExpiresAt;
    private @Nullable Instant lastActivityAt;
    private @Nullable Instant endedAt;
    private @Nullable EndReason endReason;
    private @Nullable Integer refreshes;
    private @Nullable Boolean byAuthentication;
    private @Nullable Boolean expiresAtTold;
    private @Nullable Integer inbound;
    private @Nullable Integer outbound;
    private @Nullable String replacedBy;
    private @Nullable Instant upstreamUntil;
    private @Nullable String detail;
    private @Nullable Integer heldEvents;

    private Details() {}

    static AuditDetails expires(Instant expiresAt) {
        Details all = new Details();
        all.expiresAt = expiresAt;
        return all.build();
    }

    static AuditDetails of(Fact.SessionOpened fact) {
        Details all = new Details();
        all.openedAt = fact.openedAt();
        all.expiresAt = fact.expiresAt();
        return all.build();
    }

    static AuditDetails of(Fact.SessionRefreshed fact) {
        Details all = new Details();
        all.expiresAt = fact.expiresAt();
        all.previousExpiresAt = fact.previousExpiresAt();
        all.refreshes = fact.refreshes();
        all.byAuthentication = fact.byAuthentication();
        all.expiresAtTold = fact.expiresAtTold();
        return all.build();
    }

    static AuditDetails of(Fact.SessionExpiring fact) {
        Details all = new Details();
        all.expiresAt = fact.expiresAt();
        all.lastActivityAt = fact.lastActivityAt();
        return all.build();
    }

    static AuditDetails of(Fact.SessionEnded fact) {
        Details all = new Details();
        all.openedAt = fact.openedAt();
        all.endedAt = fact.endedAt();
        all.endReason = fact.endReason();
        all.refreshes = fact.refreshes();
        all.inbound = fact.inbound();
        all.outbound = fact.outbound();
        all.replacedBy = fact.replacedBy();
        all.upstreamUntil = fact.upstreamUntil();
        all.detail = fact.detail();
        return all.build();
    }

    static AuditDetails of(Fact.GuestLinked fact) {
        Details all = new Details();
        all.heldEvents = fact.heldEvents();
        return all.build();
    }

    static AuditDetails of(Fact.ConversationMeasured fact) {
        return AuditDetails.of(new AuditDetails.Measured(
                fact.asked(),
                fact.durationMs(),
                fact.messages(),
                fact.durationDifferenceMs(),
                fact.messagesDifference()));
    }

    private AuditDetails build() {
        return new AuditDetails(
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
                heldEvents);
    }
}
