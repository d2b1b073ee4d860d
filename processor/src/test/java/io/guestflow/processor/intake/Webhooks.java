package io.guestflow.processor.intake;

import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Webhooks as CXone and the tutorial's platform write them, with nothing real in them. */
final class Webhooks {
    static final Instant RECORDED = Instant.parse("2026-11-22T07:03:02.000Z");
    static final GuestRefs REFS = new GuestRefs(new RefKey("k1", new byte[32]));
    static final IntakeRules RULES = new IntakeRules(
            List.of(ConversationIdSource.CONVERSATION_ID, ConversationIdSource.CASE_ID), Set.of(), false);

    /** A case with all its ids, open since 07:00. */
    static final String CASE = """
            {"id":"131988342510","contactId":"0F0E0D0C-0B0A-4908-8706-050403020100","customerContactId":"cust-1",
             "interactionId":"inter-1","threadId":"chat_7_thread-1","threadIdOnExternalPlatform":"thread-1","direction":"inbound",
             "status":"open","statusUpdatedAt":"2026-11-22T08:00:00+0100","createdAt":"2022-04-27T10:00:00+02:00",
             "inboxAssignee":null,"tags":null,"endUserRecipients":[],"authorEndUserIdentity":{"fullName":"","nickname":"Pat"}}""";

    static final String MESSAGE = """
            {"id":"m-1","idOnExternalPlatform":"5D5C5B5A-0000-4000-8000-00000000000A","direction":"inbound",
             "createdAt":"2026-11-22T07:03:00+00:00","messageContent":{"type":"TEXT","text":"where is my parcel"},
             "contactNumber":"131988342510","threadIdOnExternalPlatform":"thread-1","attachments":[],"authorUser":null}""";

    private Webhooks() {}

    /** CXone's envelope around these members of {@code data}. */
    static String digital(String type, String data) {
        return """
                {"eventId":"AB8D4E2C-0000-4000-8000-00000000ABCD","eventObject":"Case","eventType":"%s",
                 "createdAt":"2026-11-22T08:03:00+0100","createdAtWithMilliseconds":"2026-11-22T08:03:00.250+01:00",
                 "traceId":"t-1","context":[],"data":{"brand":{"id":1386},"channel":{"id":"chat_7"},%s}}""".formatted(type, data);
    }

    static String flat(String type, String more) {
        return """
                {"eventId":"evt-1","type":"%s","conversationId":"conv-1","guestId":"guest-1","channelId":"web-1",
                 "occurredAt":"2026-11-22T07:03:00.250Z"%s}""".formatted(type, more);
    }

    static Headers headers(String... namesAndValues) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], bytes(namesAndValues[i + 1]));
        }
        return headers;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static WebhookReading read(String body, String... headers) {
        return read(RULES, body, headers);
    }

    static WebhookReading read(IntakeRules rules, String body, String... headers) {
        return new WebhookReader(rules, REFS).read(bytes(body), headers(headers), RECORDED);
    }
}
