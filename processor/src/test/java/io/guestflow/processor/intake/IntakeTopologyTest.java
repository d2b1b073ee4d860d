package io.guestflow.processor.intake;

import static io.guestflow.processor.intake.Webhooks.CASE;
import static io.guestflow.processor.intake.Webhooks.RULES;
import static io.guestflow.processor.intake.Webhooks.digital;
import static io.guestflow.processor.intake.Webhooks.flat;
import static io.guestflow.processor.intake.Webhooks.headers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.ContextRequested;
import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.contracts.session.SessionEvent.MessageSeen;
import io.guestflow.contracts.session.SessionEvent.Revoked;
import io.guestflow.processor.intake.IntakeHarness.Sent;
import io.guestflow.processor.wire.CommitPacer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTopologyTest {
    private static final String MESSAGE =
            flat("conversation.message", ",\"messageId\":\"m-1\",\"direction\":\"inbound\"");

    @TempDir
    private Path stateDir;

    @Test
    void aWebhookBecomesASessionEventKeyedByItsConversation() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            intake.webhook("{}");
            intake.webhook(
                    MESSAGE,
                    "traceparent",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "authorization",
                    "Bearer hush");

            Sent sent = only(intake.sent());
            assertEquals(
                    "conv-1", assertInstanceOf(MessageSeen.class, sent.event()).conversationId());
            assertEquals("conv-1", sent.key());
            assertEquals("cxone-events/0/1", sent.origin());
            assertEquals(IntakeHarness.START, sent.recordedAt());
            assertEquals("session-event/1", header(sent.headers(), RecordHeaders.SCHEMA));
            assertEquals(
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    header(sent.headers(), RecordHeaders.TRACEPARENT));
            assertNull(sent.headers().lastHeader("authorization"));
        }
    }

    @Test
    void everyWebhookCountsOnceForWhatBecameOfIt() {
        IntakeRules rules = new IntakeRules(RULES.conversationIdFrom(), Set.of("web-1", "chat_7"), false);
        try (IntakeHarness intake = new IntakeHarness(rules, stateDir)) {
            intake.webhook(MESSAGE);
            intake.webhook(flat("conversation.ended", "").replace("web-1", "web-2"));
            intake.webhook(digital("AgentContactEnded", "\"case\":{\"id\":\"1\"}"));
            intake.webhook(digital("FireProactiveAction", "\"x\":1"));
            intake.webhook(flat("conversation.message", ""));
            intake.webhook(digital("CaseExploded", "\"case\":" + CASE));
            intake.webhook(digital("an invented name " + "x".repeat(300), "\"case\":" + CASE));
            intake.webhook(digital("EventInS3", "\"s3Object\":{\"url\":\"https://bucket.example/hush\"}"));
            intake.webhook("not JSON");
            intake.send(Topics.CXONE_EVENTS, null, headers());
            intake.send(Topics.CXONE_EVENTS, new byte[70_000], headers());
            intake.webhook(flat("conversation.ended", "").replace("2026-11-22T07:03:00.250Z", "never"));

            String events = "guestflow.intake.events";
            assertEquals(2, intake.count(events, "became", "passed"));
            assertEquals(1, intake.count(events, "became", "passed", "type", "conversation.message"));
            assertEquals(1, intake.count(events, "became", "ignored", "reason", "CHANNEL"));
            assertEquals(
                    1,
                    intake.count(events, "became", "ignored", "reason", "NOTHING_TOLD", "type", "AgentContactEnded"));
            assertEquals(1, intake.count(events, "became", "ignored", "reason", "NO_CONVERSATION"));
            assertEquals(1, intake.count(events, "became", "ignored", "reason", "NO_DIRECTION"));
            assertEquals(2, intake.count(events, "became", "unknown", "type", "other"));
            assertEquals(4, intake.count(events, "became", "dead.letter", "type", "other"));
            assertEquals(12, intake.count(events));
            assertEquals(4, intake.count("guestflow.dead.letters", "topic", "cxone-events"));
            assertEquals(1, intake.count("guestflow.intake.times.replaced"));
            assertEquals(2, intake.sent().size());
        }
    }

    @Test
    void whatCannotBeReadIsADeadLetterWithoutItsContent() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            intake.webhook(digital("EventInS3", "\"s3Object\":{\"url\":\"https://bucket.example/hush\"}"));
            intake.webhook("hush");
            intake.send(Topics.CXONE_EVENTS, null, headers());
            intake.send(Topics.GUEST_CONTEXT_UPDATES, Webhooks.bytes("{\"context\":\"hush\"}"), headers());
            intake.send(Topics.GUEST_SESSION_REVOCATIONS, Webhooks.bytes("{\"reason\":\"hush\"}"), headers());

            var raw = intake.rawDeadLetters();
            raw.forEach(letter -> assertFalse(new String(letter.value(), StandardCharsets.UTF_8).contains("hush")));
            List<DeadLetter> letters = raw.stream()
                    .map(letter -> DeadLetter.CODEC.read(letter.value()))
                    .toList();
            assertEquals(
                    List.of(
                            "cxone-events",
                            "cxone-events",
                            "cxone-events",
                            "guest-context-updates",
                            "guest-session-revocations"),
                    letters.stream().map(DeadLetter::topic).toList());
            assertEquals(
                    List.of(Defect.TOO_LARGE, Defect.NOT_JSON, Defect.NULL_VALUE, Defect.MISSING, Defect.MISSING),
                    letters.stream()
                            .map(letter -> letter.problems().getFirst().defect())
                            .toList());
            assertEquals(List.of(), intake.sent());
        }
    }

    @Test
    void aContextUpdateIsScreenedLikeTheFirstOne() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            update(intake, "0F0E0D0C-0B0A-4908-8706-050403020100", "{\"segment\":\"returning\",\"secret\":\"hush\"}");

            Sent sent = only(intake.sent());
            ContextRequested requested = assertInstanceOf(ContextRequested.class, sent.event());
            assertEquals("0f0e0d0c-0b0a-4908-8706-050403020100", requested.conversationId());
            assertEquals(IntakeHarness.START, requested.at());
            assertEquals(Set.of("segment"), requested.context().keySet());
            assertEquals(
                    List.of(new ContextDrop("unknown#1", ContextDrop.Reason.NOT_ALLOWED)), requested.contextDropped());
            assertEquals("guest-context-updates/0/0", sent.origin());
            assertFalse(new String(sent.value(), StandardCharsets.UTF_8).contains("hush"));

            update(intake, "conv-1", "{\"secret\":\"hush\"}");
            assertEquals(List.of(), intake.sent());
            assertEquals(1, intake.count("guestflow.intake.controls", "became", "passed"));
            assertEquals(1, intake.count("guestflow.intake.controls", "became", "empty"));
        }
    }

    @Test
    void underThePolicyRejectOneRefusedKeyRefusesTheUpdate() {
        IntakeRules rules = new IntakeRules(RULES.conversationIdFrom(), Set.of(), true);
        try (IntakeHarness intake = new IntakeHarness(rules, stateDir)) {
            update(intake, "conv-1", "{\"segment\":\"returning\",\"secret\":\"hush\"}");
            assertEquals(List.of(), intake.sent());
            update(intake, "conv-1", "{\"segment\":\"returning\"}");
            assertEquals(1, intake.sent().size());
            assertEquals(1, intake.count("guestflow.intake.controls", "became", "refused"));
        }
    }

    @Test
    void aRevocationIsPassedOn() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            intake.send(Topics.GUEST_SESSION_REVOCATIONS, Webhooks.bytes("""
                            {"conversationId":"conv-1","reason":"CONSENT_WITHDRAWN","requestedBy":"privacy-desk"}"""), headers());
            Sent sent = only(intake.sent());
            assertEquals(new Revoked("conv-1", IntakeHarness.START, "CONSENT_WITHDRAWN", "privacy-desk"), sent.event());
            assertEquals("conv-1", sent.key());
            assertEquals("guest-session-revocations/0/0", sent.origin());
        }
    }

    @Test
    void onceASecondOnePartitionIsToldHowFarWebhooksAreRead() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            // The consumer does not know yet, and nothing has been read: there is nothing to say.
            intake.advance(Duration.ofSeconds(1));
            assertEquals(List.of(), intake.sent());

            intake.progress(0, 0);
            intake.advance(Duration.ofSeconds(1));
            List<Sent> marks = intake.sent();
            assertEquals(1, marks.size(), "whose task tells the others");
            marks.forEach(mark -> {
                assertEquals("mark/0", mark.key());
                assertEquals(
                        new Mark(
                                IntakeHarness.START.plusSeconds(2),
                                0,
                                IntakeHarness.PARTITIONS,
                                IntakeHarness.START.plusSeconds(2)),
                        mark.event());
                assertNull(mark.origin());
            });

            intake.progress(3, 2);
            intake.webhook(MESSAGE);
            intake.advance(Duration.ofSeconds(1));
            SessionEvent last = intake.sent().getLast().event();
            assertEquals(
                    IntakeHarness.START.plusSeconds(2),
                    assertInstanceOf(Mark.class, last).readUntil());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-22T08:03:02.001Z", "+292278994-08-17T07:12:55.807Z"})
    void aRecordThatHasNoTimeOrOneFromTheFutureCountsAsRecordedNow(Instant at) {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            intake.send(
                    Topics.CXONE_EVENTS,
                    Webhooks.bytes(flat("conversation.ended", "").replace("Z", "")),
                    headers(),
                    at);
            intake.send(
                    Topics.GUEST_SESSION_REVOCATIONS,
                    Webhooks.bytes("{\"conversationId\":\"conv-1\",\"reason\":\"r\",\"requestedBy\":\"b\"}"),
                    headers(),
                    at);
            for (Sent sent : intake.sent()) {
                assertEquals(IntakeHarness.START, sent.event().at());
                assertEquals(IntakeHarness.START, sent.recordedAt());
            }
        }
    }

    @Test
    void oneTaskReadsAllThreeTopicsAndEveryNodeHasItsName() {
        try (IntakeHarness intake = new IntakeHarness(RULES, stateDir)) {
            var description = intake.topology(RULES, new CommitPacer(System::nanoTime))
                    .describe()
                    .toString();
            assertTrue(description.contains("Sub-topology: 0"), description);
            assertFalse(description.contains("Sub-topology: 1"), description);
            assertFalse(description.contains("000"), description);
        }
    }

    private static void update(IntakeHarness intake, String conversationId, String context) {
        intake.send(
                Topics.GUEST_CONTEXT_UPDATES,
                Webhooks.bytes("{\"conversationId\":\"" + conversationId + "\",\"context\":" + context + "}"),
                headers());
    }

    private static Sent only(List<Sent> sent) {
        assertEquals(1, sent.size(), sent.toString());
        return sent.getFirst();
    }

    private static String header(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
