package io.guestflow.processor.intake;

import static io.guestflow.processor.intake.Webhooks.CASE;
import static io.guestflow.processor.intake.Webhooks.MESSAGE;
import static io.guestflow.processor.intake.Webhooks.RULES;
import static io.guestflow.processor.intake.Webhooks.digital;
import static io.guestflow.processor.intake.Webhooks.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.MessageSeen;
import io.guestflow.contracts.session.SessionEvent.StatusChanged;
import io.guestflow.processor.intake.WebhookReading.Ignored;
import io.guestflow.processor.intake.WebhookReading.Reason;
import io.guestflow.processor.intake.WebhookReading.Told;
import io.guestflow.processor.intake.WebhookReading.Unknown;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ten traps of real events, each with a made-up event of the same shape. */
class ParserTrapsTest {
    private static final Instant AT = Instant.parse("2026-11-22T07:03:00.250Z");

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"initiator\":{\"id\":\"81\",\"type\":\"user\"}}", "null", "\"\"", "17"})
    void trap01ContextIsAnEmptyArrayOrAnObjectOrWhatever(String context) {
        String event = digital("CaseStatusChanged", "\"case\":" + CASE).replace("[],\"data\"", context + ",\"data\"");
        assertEquals(ConversationStatus.OPEN, status(event).status());
        assertEquals(
                ConversationStatus.OPEN,
                status(event.replace("\"context\":" + context + ",", "")).status());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:03:00+00:00, 2026-11-22T07:03:00Z",
        "2026-11-22T08:03:00+01:00, 2026-11-22T07:03:00Z",
        "2026-11-22T08:03:00+0100, 2026-11-22T07:03:00Z",
        "2026-11-22T01:03:00.5-0600, 2026-11-22T07:03:00.500Z",
        "2026-11-22T07:03:00.123Z, 2026-11-22T07:03:00.123Z",
    })
    void trap02OffsetsAndFractionsComeInManyForms(String written, Instant expected) {
        String event = digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE)
                .replace("2026-11-22T08:03:00.250+01:00", written);
        assertEquals(expected, message(event).at());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T07:03:00+0,0:00", "2026-11-22T07:03:00", "yesterday", "2026-13-22T07:03:00Z"})
    void trap02AMalformedTimeGivesWayToTheNextAndInTheEndToTheRecords(String malformed) {
        String event = digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE)
                .replace("2026-11-22T08:03:00.250+01:00", malformed);
        assertEquals(Instant.parse("2026-11-22T07:03:00Z"), message(event).at());
        assertEquals(0, told(event).timesReplaced());

        String hopeless = event.replace("2026-11-22T08:03:00+0100", malformed);
        assertEquals(Webhooks.RECORDED, message(hopeless).at());
        assertEquals(1, told(hopeless).timesReplaced());
    }

    @Test
    void trap03TheTimeWithMillisecondsIsPreferred() {
        assertEquals(
                AT,
                message(digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE))
                        .at());
        String inSeconds = digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE)
                .replace("\"createdAtWithMilliseconds\":\"2026-11-22T08:03:00.250+01:00\",", "");
        assertEquals(Instant.parse("2026-11-22T07:03:00Z"), message(inSeconds).at());
    }

    @Test
    void trap04UuidsAreWrittenInOneCase() {
        IntakeRules byContact = new IntakeRules(
                List.of(ConversationIdSource.CONTACT_ID), RULES.channelsAllowed(), RULES.rejectContext());
        String event = digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE);
        MessageSeen seen = assertInstanceOf(
                MessageSeen.class,
                assertInstanceOf(Told.class, read(byContact, event)).events().getFirst());

        assertEquals("0f0e0d0c-0b0a-4908-8706-050403020100", seen.conversationId());
        assertEquals("ab8d4e2c-0000-4000-8000-00000000abcd", seen.eventId());
        assertEquals("5d5c5b5a-0000-4000-8000-00000000000a", seen.messageId());
    }

    @Test
    void trap05WithoutACaseTheIdStandsElsewhereOrNowhere() {
        String snapshot = "\"status\":\"closed\",\"statusUpdatedAt\":\"2026-11-22T07:01:00Z\"";
        assertEquals(
                "131988342510",
                status(digital("LivechatRecovered", "\"consumerContact\":{\"id\":\"131988342510\"," + snapshot + "}"))
                        .conversationId());
        assertEquals(
                "131988342510",
                status(digital("ThreadRecovered", "\"contact\":{\"id\":\"131988342510\"," + snapshot + "}"))
                        .conversationId());
        assertEquals(
                "131988342510",
                message(digital("MessageAddedIntoCase", "\"message\":" + MESSAGE))
                        .conversationId());
        IntakeRules byThread = new IntakeRules(
                List.of(ConversationIdSource.THREAD_ID), RULES.channelsAllowed(), RULES.rejectContext());
        for (String event : List.of(
                digital("SenderTypingStarted", "\"thread\":{\"idOnExternalPlatform\":\"thread-1\"}"),
                digital("MessageReadChanged", "\"message\":{\"threadIdOnExternalPlatform\":\"thread-1\"}"),
                digital("SetPositionInQueue", "\"consumerContact\":{\"threadId\":\"thread-1\"}"))) {
            // They name a conversation, and tell nothing of it.
            assertEquals(
                    Reason.NOTHING_TOLD,
                    assertInstanceOf(Ignored.class, read(byThread, event)).reason());
        }
        assertEquals(
                Reason.NOTHING_TOLD,
                ignored(digital("MessageReadChanged", "\"message\":{\"contactNumber\":\"131988342510\"}")));
        assertEquals(
                Reason.NO_CONVERSATION,
                ignored(digital("SenderTypingStarted", "\"thread\":{\"idOnExternalPlatform\":\"thread-1\"}")));
        assertEquals(Reason.NO_CONVERSATION, ignored(digital("FireProactiveAction", "\"proactiveAction\":{}")));
    }

    @Test
    void trap06AnyEventsSnapshotHasAStatusSinceItsOwnTime() {
        String resolved = CASE.replace("\"open\"", "\"resolved\"")
                .replace("2026-11-22T08:00:00+0100", "2026-11-22T07:02:43+00:00");
        StatusChanged changed = status(digital("CaseInboxAssigneeChanged", "\"case\":" + resolved));
        assertEquals(ConversationStatus.RESOLVED, changed.status());
        assertEquals(Instant.parse("2026-11-22T07:02:43Z"), changed.statusUpdatedAt());
        assertEquals(AT, changed.at());

        // An agent who leaves ends no conversation: only the snapshot counts.
        assertEquals(
                ConversationStatus.OPEN,
                status(digital("AgentContactEnded", "\"case\":" + CASE)).status());
        assertEquals(
                Reason.NOTHING_TOLD,
                ignored(digital(
                        "AgentContactEnded",
                        "\"case\":" + CASE.replace("\"statusUpdatedAt\":\"2026-11-22T08:00:00+0100\",", ""))));
    }

    @Test
    void trap07ACaseOfYearsAgoIsOneOfToday() {
        MessageSeen seen = message(digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE));
        assertEquals(AT, seen.at());
        assertEquals("131988342510", seen.conversationId());
    }

    @Test
    void trap08TheSameEventIdWithOtherContentHasAnotherHash() {
        String event = digital("MessageCreated", "\"case\":" + CASE + ",\"message\":" + MESSAGE);
        MessageSeen first = message(event);
        MessageSeen again = message(event);
        MessageSeen other = message(event.replace("where is my parcel", "where is my order"));

        assertEquals(first, again);
        assertEquals(first.eventId(), other.eventId());
        assertNotEquals(first.contentHash(), other.contentHash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"String", "", "CaseExploded", "messagecreated", "conversation.paused"})
    void trap09AnUnknownTypePassesBy(String type) {
        assertInstanceOf(Unknown.class, read(digital(type, "\"case\":" + CASE)));
    }

    @Test
    void trap09IdsAreStringsOrNumbersBeyondIntAndMuchIsNullOrEmpty() {
        String event = digital("CaseStatusChanged", "\"case\":" + CASE)
                .replace("\"131988342510\"", "131988342510")
                .replace("{\"id\":\"chat_7\"}", "{\"id\":\"chat_7\",\"name\":\"\",\"tags\":null}");
        StatusChanged changed = status(event);
        assertEquals("131988342510", changed.conversationId());
        assertEquals("chat_7", changed.channelId());
        assertEquals(
                Reason.NO_CONVERSATION,
                ignored(digital("CaseStatusChanged", "\"case\":{\"id\":\"\",\"status\":\"closed\"}")));
        assertEquals(Reason.NO_CONVERSATION, ignored(digital("CaseStatusChanged", "\"case\":[]")));
        assertEquals(Reason.NO_CONVERSATION, ignored("{\"eventType\":\"CaseStatusChanged\",\"data\":null}"));
        assertInstanceOf(Unknown.class, read("{\"eventType\":null,\"type\":17}"));
        assertInstanceOf(Unknown.class, read("{}"));
    }

    @Test
    void trap10EventsAreSmallOrLargeOrElsewhere() {
        assertEquals(
                ConversationStatus.CLOSED,
                status("{\"eventType\":\"CaseStatusChanged\",\"data\":{\"case\":{\"id\":\"1\",\"status\":\"closed\"}}}")
                        .status());
        String large = digital(
                "CaseStatusChanged", "\"case\":" + CASE + ",\"visitor\":{\"notes\":\"" + "n".repeat(54_000) + "\"}");
        assertEquals(ConversationStatus.OPEN, status(large).status());

        String tooLarge = large.replace("nn", "n".repeat(4));
        ContractViolation refused = assertThrows(ContractViolation.class, () -> read(tooLarge));
        assertEquals(Defect.TOO_LARGE, refused.problems().getFirst().defect());
        assertEquals(true, tooLarge.length() > JsonCodec.MAX_BYTES);

        ContractViolation elsewhere = assertThrows(
                ContractViolation.class,
                () -> read(digital(
                        "EventInS3",
                        "\"s3Object\":{\"url\":\"https://bucket.example/x?X-Amz-Signature=hush\"},"
                                + "\"originEvent\":{\"eventType\":\"MessageCreated\"}")));
        assertEquals(Defect.TOO_LARGE, elsewhere.problems().getFirst().defect());
        assertEquals(false, elsewhere.getMessage().contains("hush"));
    }

    private static Told told(String event) {
        return assertInstanceOf(Told.class, read(event));
    }

    private static StatusChanged status(String event) {
        return assertInstanceOf(StatusChanged.class, only(event));
    }

    private static MessageSeen message(String event) {
        return assertInstanceOf(MessageSeen.class, only(event));
    }

    private static SessionEvent only(String event) {
        List<SessionEvent.OfWebhook> events = told(event).events();
        assertEquals(1, events.size(), events.toString());
        return events.getFirst();
    }

    private static Reason ignored(String event) {
        return assertInstanceOf(Ignored.class, read(event)).reason();
    }
}
