package io.guestflow.processor.intake;

import static io.guestflow.processor.intake.Webhooks.CASE;
import static io.guestflow.processor.intake.Webhooks.MESSAGE;
import static io.guestflow.processor.intake.Webhooks.RECORDED;
import static io.guestflow.processor.intake.Webhooks.REFS;
import static io.guestflow.processor.intake.Webhooks.RULES;
import static io.guestflow.processor.intake.Webhooks.bytes;
import static io.guestflow.processor.intake.Webhooks.digital;
import static io.guestflow.processor.intake.Webhooks.flat;
import static io.guestflow.processor.intake.Webhooks.headers;
import static io.guestflow.processor.intake.Webhooks.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.Disconnected;
import io.guestflow.contracts.session.SessionEvent.MessageSeen;
import io.guestflow.contracts.session.SessionEvent.StatusChanged;
import io.guestflow.processor.intake.WebhookReading.Ignored;
import io.guestflow.processor.intake.WebhookReading.Reason;
import io.guestflow.processor.intake.WebhookReading.Told;
import io.guestflow.processor.intake.WebhookReading.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookReaderTest {
    private static final Instant AT = Instant.parse("2026-11-22T07:03:00.250Z");
    private static final String INBOUND = ",\"messageId\":\"m-1\",\"direction\":\"inbound\"";

    @Test
    void aFlatMessageIsAMessage() {
        String body = flat("conversation.message", INBOUND + ",\"text\":\"where is my parcel\"");
        assertEquals(
                new MessageSeen(
                        "conv-1",
                        AT,
                        "evt-1",
                        "m-1",
                        Direction.INBOUND,
                        "web-1",
                        REFS.contentHash(bytes(body)),
                        REFS.guestRef("guest-1")),
                only(read(body)));
    }

    @Test
    void aFlatConversationStartsEndsAndLosesItsConnection() {
        StatusChanged started = assertInstanceOf(StatusChanged.class, only(read(flat("conversation.started", ""))));
        assertEquals(ConversationStatus.OPEN, started.status());
        assertEquals(AT, started.statusUpdatedAt());
        StatusChanged ended = assertInstanceOf(StatusChanged.class, only(read(flat("conversation.ended", ""))));
        assertEquals(ConversationStatus.CLOSED, ended.status());
        assertEquals(AT, ended.statusUpdatedAt());
        assertInstanceOf(Disconnected.class, only(read(flat("conversation.disconnected", ""))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MessageCreated", "MessageSent", "MessageAddedIntoCase", "MessageAddedIntoContact"})
    void aMessageEventIsAMessageWhoseIdIsTheSameInAllOfThem(String type) {
        MessageSeen seen = assertInstanceOf(
                MessageSeen.class,
                only(read(
                        digital(type, "\"case\":" + CASE + ",\"message\":" + MESSAGE.replace("inbound", "OUTBOUND")))));
        assertEquals("5d5c5b5a-0000-4000-8000-00000000000a", seen.messageId());
        assertEquals(Direction.OUTBOUND, seen.direction());
        assertNull(seen.guestRef());
    }

    @Test
    void aMessageWithoutADirectionIsNobodysActivity() {
        assertEquals(Reason.NO_DIRECTION, ignored(read(flat("conversation.message", ""))));
        assertEquals(Reason.NO_DIRECTION, ignored(read(flat("conversation.message", ",\"direction\":\"sideways\""))));
    }

    @ParameterizedTest
    @CsvSource({
        "CaseStatusChanged, case",
        "ContactStatusChanged, contact",
        "CaseCreated, contact",
        "ContactCreated, case"
    })
    void bothFamiliesOfNamesAreKnown(String type, String member) {
        StatusChanged changed =
                assertInstanceOf(StatusChanged.class, only(read(digital(type, "\"" + member + "\":" + CASE))));
        assertEquals("131988342510", changed.conversationId());
        assertEquals(Instant.parse("2026-11-22T07:00:00Z"), changed.statusUpdatedAt());
    }

    @ParameterizedTest
    @CsvSource({
        "new, NEW",
        "open, OPEN",
        "pending, PENDING",
        "escalated, ESCALATED",
        "resolved, RESOLVED",
        "Closed, CLOSED",
        "trashed, TRASHED",
        "exploded, UNKNOWN",
    })
    void statusesHaveCxonesWords(String word, ConversationStatus status) {
        StatusChanged changed = assertInstanceOf(
                StatusChanged.class,
                only(read(digital("CaseStatusChanged", "\"case\":" + CASE.replace("\"open\"", '"' + word + '"')))));
        assertEquals(status, changed.status());
    }

    @Test
    void aStatusOfAnotherThingIsNotTheConversations() {
        assertEquals(
                Reason.NO_CONVERSATION,
                ignored(read(digital("UserStatusChanged", "\"user\":{\"id\":81,\"status\":\"closed\"}"))));
    }

    @Test
    void aMessageOfACaseThatIsOverTellsBothUnderOneEventId() {
        Told told = assertInstanceOf(
                Told.class,
                read(digital(
                        "MessageCreated",
                        "\"case\":" + CASE.replace("\"open\"", "\"closed\"") + ",\"message\":" + MESSAGE)));
        assertEquals(2, told.events().size());
        assertInstanceOf(MessageSeen.class, told.events().getFirst());
        StatusChanged closed =
                assertInstanceOf(StatusChanged.class, told.events().getLast());
        assertEquals(ConversationStatus.CLOSED, closed.status());
        // Or it would look like a duplicate of the message.
        assertNull(closed.eventId());
    }

    @Test
    void aStatusWithoutATimeIsAsOldAsItsEventAndOneFromTheFutureAsTheRecord() {
        String noTime = CASE.replace("\"statusUpdatedAt\":\"2026-11-22T08:00:00+0100\",", "");
        assertEquals(
                AT,
                assertInstanceOf(StatusChanged.class, only(read(digital("CaseStatusChanged", "\"case\":" + noTime))))
                        .statusUpdatedAt());
        String future = CASE.replace("2026-11-22T08:00:00+0100", "2026-11-22T08:03:03Z");
        Told told = assertInstanceOf(Told.class, read(digital("CaseStatusChanged", "\"case\":" + future)));
        assertEquals(RECORDED, assertInstanceOf(StatusChanged.class, only(told)).statusUpdatedAt());
        assertEquals(1, told.timesReplaced());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T08:03:02.000Z, 2026-11-22T08:03:02.000Z, 0",
        "2026-11-22T08:03:02.001Z, 2026-11-22T07:03:02.000Z, 1",
        "1969-12-31T23:59:59Z, 2026-11-22T07:03:02.000Z, 1",
        "9999-12-31T23:59:59Z, 2026-11-22T07:03:02.000Z, 1",
    })
    void aTimeMoreThanAnHourAheadOfTheRecordIsNotBelieved(String told, Instant at, int replaced) {
        Told reading = assertInstanceOf(
                Told.class, read(flat("conversation.ended", "").replace("2026-11-22T07:03:00.250Z", told)));
        assertEquals(at, only(reading).at());
        assertEquals(replaced, reading.timesReplaced());
    }

    @Test
    void aCloudEventInBinaryModeIsReadWhateverTheCaseOfItsHeaders() {
        MessageSeen own = assertInstanceOf(
                MessageSeen.class,
                only(read(
                        flat("conversation.message", INBOUND),
                        "CE_ID",
                        "ce-1",
                        "Ce_Type",
                        "something.else",
                        "ce_specversion",
                        "1.0")));
        assertEquals("evt-1", own.eventId());

        Disconnected byHeaders = assertInstanceOf(
                Disconnected.class,
                only(read(
                        "{\"conversationId\":\"conv-1\"}",
                        "Ce-Id",
                        "AB8D4E2C-0000-4000-8000-00000000ABCD",
                        "CE-TYPE",
                        "conversation.disconnected",
                        "ce_time",
                        "2026-11-22T07:03:00.250Z")));
        assertEquals("ab8d4e2c-0000-4000-8000-00000000abcd", byHeaders.eventId());
        assertEquals(AT, byHeaders.at());
    }

    @Test
    void aCloudEventInStructuredModeIsKnownByItsTypeOrByItsMembers() {
        String event = digital("CaseStatusChanged", "\"case\":" + CASE);
        String wrapped =
                "{\"specversion\":\"1.0\",\"id\":\"ce-1\",\"source\":\"/gw\",\"type\":\"cxone.event\",\"data\":" + event
                        + "}";
        StatusChanged byMembers = assertInstanceOf(StatusChanged.class, only(read(wrapped)));
        StatusChanged byHeader = assertInstanceOf(
                StatusChanged.class,
                only(read(wrapped, "Content-Type", "Application/CloudEvents+JSON; charset=utf-8")));
        assertEquals(byMembers, byHeader);
        assertEquals("ab8d4e2c-0000-4000-8000-00000000abcd", byMembers.eventId());
        assertEquals("131988342510", byMembers.conversationId());

        StatusChanged attributesOnly = assertInstanceOf(
                StatusChanged.class,
                only(read("{\"specversion\":\"1.0\",\"id\":\"ce-1\",\"type\":\"CaseStatusChanged\",\"time\":"
                        + "\"2026-11-22T07:03:00.250Z\",\"data\":{\"case\":" + CASE + "}}")));
        assertEquals("ce-1", attributesOnly.eventId());
        assertEquals(AT, attributesOnly.at());
    }

    @Test
    void aCloudEventWithoutAJsonObjectCannotBeRead() {
        for (String data : List.of("\"text\"", "null", "[]")) {
            ContractViolation refused = assertThrows(
                    ContractViolation.class,
                    () -> read("{\"specversion\":\"1.0\",\"type\":\"x\",\"data\":" + data + "}"));
            assertEquals("data", refused.problems().getFirst().field());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theConversationIsTheIdThatTheSettingNamesInBothShapes(ConversationIdSource source) {
        IntakeRules rules = new IntakeRules(List.of(source), Set.of(), false);
        String expected = switch (source) {
            case CONVERSATION_ID -> "conv-9";
            case CASE_ID -> "131988342510";
            case CONTACT_ID -> "0f0e0d0c-0b0a-4908-8706-050403020100";
            case CUSTOMER_CONTACT_ID -> "cust-1";
            case INTERACTION_ID -> "inter-1";
            case THREAD_ID -> "thread-1";
        };
        String digital = digital("CaseStatusChanged", "\"conversationId\":\"conv-9\",\"case\":" + CASE);
        assertEquals(expected, only(read(rules, digital)).conversationId());
        String flat = "{\"type\":\"conversation.ended\",\"" + source.field() + "\":\"" + expected + "\"}";
        assertEquals(expected, only(read(rules, flat)).conversationId());
    }

    @Test
    void theFirstIdThatAWebhookHasIsTaken() {
        IntakeRules rules = new IntakeRules(
                List.of(ConversationIdSource.INTERACTION_ID, ConversationIdSource.CASE_ID), Set.of(), false);
        assertEquals(
                "inter-1",
                only(read(rules, digital("CaseCreated", "\"case\":" + CASE))).conversationId());
        assertEquals(
                "131988342510",
                only(read(rules, digital("CaseCreated", "\"case\":" + CASE.replace("\"inter-1\"", "null"))))
                        .conversationId());
    }

    @Test
    void aChannelThatIsNotOursIsIgnoredAndOneThatIsNotNamedIsNot() {
        IntakeRules rules = new IntakeRules(RULES.conversationIdFrom(), Set.of("chat_7", "web-2"), false);
        assertInstanceOf(Told.class, read(rules, digital("CaseCreated", "\"case\":" + CASE)));
        assertEquals(Reason.CHANNEL, ignored(read(rules, flat("conversation.ended", ""))));
        assertInstanceOf(
                Told.class, read(rules, flat("conversation.ended", "").replace("\"channelId\":\"web-1\",", "")));
        IntakeRules exact = new IntakeRules(RULES.conversationIdFrom(), Set.of("7", "CHAT_7"), false);
        assertEquals(Reason.CHANNEL, ignored(read(exact, digital("CaseCreated", "\"case\":" + CASE))));
    }

    @Test
    void idsThatTheContractsCannotCarryCountAsAbsent() {
        String tooLong = "x".repeat(129);
        MessageSeen seen = assertInstanceOf(
                MessageSeen.class,
                only(read(flat("conversation.message", INBOUND.replace("m-1", tooLong))
                        .replace("web-1", "\\ud800")
                        .replace("evt-1", tooLong)
                        .replace("guest-1", ""))));
        assertNull(seen.messageId());
        assertNull(seen.channelId());
        assertNull(seen.eventId());
        assertNull(seen.guestRef());
        assertEquals(seen, SessionEvent.CODEC.read(SessionEvent.CODEC.write(seen)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | NOT_JSON",
                "{ | NOT_JSON",
                "[] | NOT_AN_OBJECT",
                "\"x\" | NOT_AN_OBJECT",
                "{}{} | NOT_JSON",
                "{\"a\":1,\"a\":2} | DUPLICATE_KEY",
            })
    void whatIsNoJsonObjectCannotBeRead(String body, Defect defect) {
        assertEquals(defect, defect(bytes(body)));
    }

    @Test
    void theTextOfAWebhookIsReadStrictly() {
        assertEquals(Defect.NULL_VALUE, defect(null));
        assertEquals(Defect.TOO_DEEP, defect(bytes("{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}")));
        assertEquals(Defect.NOT_JSON, defect("{\"type\":\"Ä\"}".getBytes(StandardCharsets.ISO_8859_1)), "not UTF-8");
        assertEquals(Defect.NOT_JSON, defect(bytes("\ufeff{}")), "a byte order mark");
        assertInstanceOf(Unknown.class, read("{\"type\":\"\ufffd\"}"), "a replacement character is a character");
    }

    private static Defect defect(byte[] body) {
        ContractViolation violation = assertThrows(
                ContractViolation.class, () -> new WebhookReader(RULES, REFS).read(body, headers(), RECORDED));
        assertTrue(violation.getMessage().startsWith("cxone-event: "), violation.getMessage());
        return violation.problems().getFirst().defect();
    }

    private static SessionEvent.OfWebhook only(WebhookReading reading) {
        List<SessionEvent.OfWebhook> events =
                assertInstanceOf(Told.class, reading).events();
        assertEquals(1, events.size(), events.toString());
        return events.getFirst();
    }

    private static Reason ignored(WebhookReading reading) {
        return assertInstanceOf(Ignored.class, reading).reason();
    }
}
