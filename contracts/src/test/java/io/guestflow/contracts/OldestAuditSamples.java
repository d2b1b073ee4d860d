package io.guestflow.contracts;

import io.guestflow.contracts.audit.AuditDetails;
import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditEvent;
import io.guestflow.contracts.audit.AuditRecord;
import io.guestflow.contracts.audit.Chain;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Source;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the oldest audit samples say: those that have every field between them, and the erased one. */
final class OldestAuditSamples {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");
    private static final String GUEST_REF = "k1.q8vTzYw0AL8EZ1cC2Xf9Qw";
    private static final String CHANNEL = "web-messaging-channel-01";

    private OldestAuditSamples() {}

    /** The others are for later versions. */
    static Set<String> eventsThatAreWritten() {
        return Stream.of(AuditEvent.values())
                .filter(event -> event != AuditEvent.ERASED)
                .map(AuditEvent::name)
                .collect(Collectors.toSet());
    }

    static Stream<Arguments> all() {
        return Stream.of(
                oldest(
                        "01-auth-succeeded",
                        new AuditRecord.Entry(
                                new AuditEntry(
                                        "aLHqXvFzGJ0u4y1a9b2c3d",
                                        SEVEN.plusMillis(143),
                                        AuditEvent.AUTH_SUCCEEDED,
                                        GUEST_REF,
                                        "conv-0001",
                                        CHANNEL,
                                        "7f1c",
                                        1,
                                        "AUTHENTICATED",
                                        201,
                                        143L,
                                        2,
                                        new Consent(true, SEVEN, "v2.1"),
                                        List.of("segment", "campaign"),
                                        List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)),
                                        new AuditDetails(
                                                null,
                                                SEVEN.plusSeconds(1800),
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null),
                                        new Source("cxone-auth-outcomes", 3, 17)),
                                new Chain(
                                        3,
                                        1,
                                        null,
                                        "k1.3a153c425e2326cd96a641",
                                        "kEGd6AHCdIWzBV97P4ACn7Z3hkRdbCSCvOqJCr8j9MY",
                                        "ZXOnfSbtvIFcllhV6oGWqzrsUWveOibRCHGG_c5b_G4"))),
                details(
                        "08-session-refreshed",
                        new AuditDetails(
                                null,
                                SEVEN.plusSeconds(3300),
                                SEVEN.plusSeconds(1800),
                                null,
                                null,
                                null,
                                1,
                                false,
                                true,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)),
                details(
                        "09-session-expiring",
                        new AuditDetails(
                                null,
                                SEVEN.plusSeconds(3300),
                                null,
                                SEVEN.plusSeconds(180),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null)),
                details(
                        "10-session-ended",
                        new AuditDetails(
                                SEVEN.plusMillis(143),
                                null,
                                null,
                                null,
                                SEVEN.plusSeconds(3300),
                                EndReason.REPLACED_UPSTREAM,
                                2,
                                null,
                                null,
                                7,
                                9,
                                "conv-0009",
                                SEVEN.plusSeconds(3540),
                                "UPSTREAM_ERROR",
                                null)),
                details(
                        "11-guest-linked",
                        new AuditDetails(
                                null, null, null, null, null, null, null, null, null, null, null, null, null, null, 2)),
                oldest(
                        "12-erased",
                        new AuditRecord.Erased(
                                "lLHqXvFzGJ0u4y1a9b2c3d",
                                Instant.parse("2026-11-23T09:00:00Z"),
                                new Chain(
                                        3,
                                        12,
                                        "Qh1bAg3vjSUEbi4aCBwWKGuVjA0dArDuLA70t-KXuEY",
                                        null,
                                        "kvmpDoOK6RW8eoXmkDpYm5ELq0F7AgLnwhs_yXkf_24",
                                        "4VZWQnw7rUxO3CMkPFGnQ7zFpN3rUlxyEkGRwdA3BLk"))));
    }

    /** Its details as told here, the rest as it is read. */
    private static Arguments details(String name, AuditDetails details) {
        AuditRecord.Entry read = (AuditRecord.Entry)
                AuditRecord.CODEC.read(Samples.named(AuditRecord.CODEC, name).bytes());
        AuditEntry content = read.content();
        return oldest(
                name,
                new AuditRecord.Entry(
                        new AuditEntry(
                                content.auditId(),
                                content.at(),
                                content.event(),
                                content.guestRef(),
                                content.conversationId(),
                                content.channelId(),
                                content.requestId(),
                                content.attempt(),
                                content.outcome(),
                                content.httpStatus(),
                                content.latencyMs(),
                                content.calls(),
                                content.consent(),
                                content.contextKeys(),
                                content.contextDropped(),
                                details,
                                content.source()),
                        read.chain()));
    }

    private static Arguments oldest(String name, AuditRecord meaning) {
        return Arguments.of("guest-audit/1", name, AuditRecord.CODEC, meaning);
    }
}
