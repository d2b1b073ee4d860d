package io.guestflow.processor.sandbox.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.webhooks.WebhookBodies.IdIn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WebhookBodiesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Talk TALK = new Talk("conv-1", "web-messaging-channel-01", "guest-1");
    private static final Instant AT = Instant.parse("2026-11-22T07:03:00.120Z");

    @ParameterizedTest
    @EnumSource
    void everyHappeningIsJsonInBothShapes(Happening happening) {
        for (Shape shape : Shape.values()) {
            JsonNode body = write(shape, happening, IdIn.CASE_ID);
            assertEquals("e-1", body.path("eventId").stringValue());
        }
    }

    @Test
    void theDigitalEnvelopeIsAsLargeAsARealOneAndTheFlatFormIsNot() {
        int digital = bytes(Shape.DIGITAL, Happening.INBOUND).length;
        int flat = bytes(Shape.FLAT, Happening.INBOUND).length;

        assertTrue(digital > 1_024 && digital < 2_048, () -> digital + " bytes");
        assertTrue(flat < 512, () -> flat + " bytes");
        assertTrue(bytes(Shape.DIGITAL, Happening.CLOSED).length > 1_000);
    }

    @Test
    void aDigitalMessageTellsItsTimesInTwoWaysAndAnOlderStatus() {
        JsonNode body = write(Shape.DIGITAL, Happening.INBOUND, IdIn.CASE_ID);

        assertEquals("MessageCreated", body.path("eventType").stringValue());
        assertEquals("2026-11-22T08:03:00+0100", body.path("createdAt").stringValue());
        assertEquals(
                "2026-11-22T08:03:00.120+01:00",
                body.path("createdAtWithMilliseconds").stringValue());
        assertEquals("inbound", body.at("/data/message/direction").stringValue());
        assertEquals("open", body.at("/data/case/status").stringValue());
        assertEquals(
                "2026-11-22T07:02:43.120+00:00",
                body.at("/data/case/statusUpdatedAt").stringValue());
        assertTrue(body.path("context").isArray());
        assertEquals(TALK.channelId(), body.at("/data/channel/id").stringValue());
    }

    @ParameterizedTest
    @CsvSource({
        "CASE_ID, /data/case/id",
        "CONTACT_ID, /data/case/contactId",
        "CUSTOMER_CONTACT_ID, /data/case/customerContactId",
        "INTERACTION_ID, /data/case/interactionId",
        "THREAD_ID_ON_EXTERNAL_PLATFORM, /data/case/threadIdOnExternalPlatform",
    })
    void theConversationIsNamedInOneOfTheFiveIdsOnly(IdIn idIn, String pointer) {
        JsonNode body = write(Shape.DIGITAL, Happening.CLOSED, idIn);

        assertEquals("conv-1", body.at(pointer).stringValue());
        assertEquals(2, body.toString().split("\"conv-1\"", -1).length);
        assertEquals("closed", body.at("/data/case/status").stringValue());
        assertEquals("CaseStatusChanged", body.path("eventType").stringValue());
    }

    @Test
    void aSentAndACreatedMessageAreTwoEventsOfOneMessage() {
        JsonNode sent = write(Shape.DIGITAL, Happening.OUTBOUND_SENT, IdIn.CASE_ID);
        JsonNode created = write(Shape.DIGITAL, Happening.OUTBOUND_CREATED, IdIn.CASE_ID);

        assertNotEquals(sent.path("eventType"), created.path("eventType"));
        assertEquals(sent.at("/data/message/id"), created.at("/data/message/id"));
        assertEquals("outbound", sent.at("/data/message/direction").stringValue());
    }

    @Test
    void theFlatFormIsTheTutorials() {
        JsonNode body = write(Shape.FLAT, Happening.INBOUND, IdIn.CASE_ID);

        assertEquals("conversation.message", body.path("type").stringValue());
        assertEquals("conv-1", body.path("conversationId").stringValue());
        assertEquals("guest-1", body.path("guestId").stringValue());
        assertEquals("inbound", body.path("direction").stringValue());
        assertEquals("2026-11-22T07:03:00.120Z", body.path("occurredAt").stringValue());
        assertEquals(
                "conversation.ended",
                write(Shape.FLAT, Happening.CLOSED, IdIn.CASE_ID).path("type").stringValue());
        assertFalse(write(Shape.FLAT, Happening.CLOSED, IdIn.CASE_ID).has("direction"));
    }

    private static JsonNode write(Shape shape, Happening happening, IdIn idIn) {
        return JSON.readTree(new WebhookBodies(idIn).write(shape, webhook(happening)));
    }

    private static byte[] bytes(Shape shape, Happening happening) {
        byte[] body = new WebhookBodies(IdIn.CASE_ID).write(shape, webhook(happening));
        assertEquals(
                happening.isActivity(),
                new String(body, StandardCharsets.UTF_8).contains("inbound\",\"createdAt")
                        || new String(body, StandardCharsets.UTF_8).contains("inbound\",\"text"));
        return body;
    }

    private static Webhook webhook(Happening happening) {
        boolean message = switch (happening) {
            case INBOUND, OUTBOUND_SENT, OUTBOUND_CREATED -> true;
            case STARTED, RESOLVED, CLOSED, DISCONNECTED -> false;
        };
        return new Webhook(TALK, happening, "e-1", message ? "m-1" : null, AT);
    }
}
