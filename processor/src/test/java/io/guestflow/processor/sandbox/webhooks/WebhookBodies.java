package io.guestflow.processor.sandbox.webhooks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes webhooks as their senders do. The digital envelope has the traps of real ones: two spellings of one offset, a
 * time in seconds beside one in milliseconds, {@code []} for an empty object, nulls, and much that is nobody's business.
 *
 * <p>Threading: immutable.
 */
public final class WebhookBodies {
    /** Stands in every text, name, address and e-mail: wherever it turns up later, something was passed on that must not be. */
    public static final String NEVER_TOLD = "never-told";

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS");

    /** Which of the five ids of the digital envelope is the conversation's. */
    public enum IdIn {
        CASE_ID,
        CONTACT_ID,
        CUSTOMER_CONTACT_ID,
        INTERACTION_ID,
        THREAD_ID_ON_EXTERNAL_PLATFORM
    }

    private final IdIn idIn;

    /** As intake's default mapping reads them. */
    public static WebhookBodies asIntakeReadsThem() {
        return new WebhookBodies(IdIn.CASE_ID);
    }

    /** @param idIn where the conversation's id stands in the digital envelope; the other four are others */
    public WebhookBodies(IdIn idIn) {
        this.idIn = idIn;
    }

    /** The body. */
    public byte[] write(Shape shape, Webhook webhook) {
        String text = switch (shape) {
            case DIGITAL -> digital(webhook);
            case FLAT -> flat(webhook);
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String flat(Webhook webhook) {
        Talk talk = webhook.talk();
        String type = switch (webhook.happening()) {
            case STARTED -> "conversation.started";
            case INBOUND, OUTBOUND_SENT, OUTBOUND_CREATED -> "conversation.message";
            case CLOSED -> "conversation.ended";
            // The flat form has nothing for a conversation that rests.
            case RESOLVED, DISCONNECTED -> "conversation.disconnected";
        };
        var text = new StringBuilder(400);
        text.append("{\"eventId\":\"").append(webhook.eventId());
        text.append("\",\"type\":\"").append(type);
        text.append("\",\"conversationId\":\"").append(talk.conversationId());
        if (talk.guestId() != null) {
            text.append("\",\"guestId\":\"").append(talk.guestId());
        }
        text.append("\",\"channelId\":\"").append(talk.channelId());
        if (webhook.messageId() != null) {
            text.append("\",\"messageId\":\"").append(webhook.messageId());
            text.append("\",\"direction\":\"").append(direction(webhook.happening()));
            text.append("\",\"text\":\"").append(NEVER_TOLD).append(" where is my parcel?");
        }
        text.append("\",\"occurredAt\":\"")
                .append(time(MILLIS, webhook.at(), 0))
                .append("Z\"}");
        return text.toString();
    }

    private String digital(Webhook webhook) {
        Talk talk = webhook.talk();
        String conversation = talk.conversationId();
        String other = Integer.toHexString(conversation.hashCode());
        boolean hasMessage = webhook.messageId() != null;
        var text = new StringBuilder(2_000);
        text.append("{\"eventId\":\"").append(webhook.eventId());
        text.append("\",\"eventObject\":\"").append(hasMessage ? "Message" : "Case");
        text.append("\",\"eventType\":\"").append(eventType(webhook.happening()));
        text.append("\",\"createdAt\":\"")
                .append(time(SECONDS, webhook.at(), 1))
                .append("+0100");
        text.append("\",\"createdAtWithMilliseconds\":\"")
                .append(time(MILLIS, webhook.at(), 1))
                .append("+01:00");
        text.append("\",\"traceId\":\"").append(other).append("-trace\",\"context\":[],\"data\":{");
        text.append("\"brand\":{\"id\":1386,\"tenantId\":\"tenant-demo\",\"businessUnitId\":15569},");
        text.append("\"channel\":{\"id\":\"").append(talk.channelId());
        text.append("\",\"name\":\"Web\",\"integrationBoxIdent\":\"chat\",\"isPrivate\":true},");
        text.append("\"case\":{\"id\":\"").append(id(IdIn.CASE_ID, conversation, "1319883425" + other.length()));
        text.append("\",\"contactId\":\"").append(id(IdIn.CONTACT_ID, conversation, "contact-" + other));
        text.append("\",\"customerContactId\":\"")
                .append(id(IdIn.CUSTOMER_CONTACT_ID, conversation, "customer-contact-" + other));
        text.append("\",\"interactionId\":\"").append(id(IdIn.INTERACTION_ID, conversation, "interaction-" + other));
        text.append("\",\"threadId\":\"thread-").append(other);
        text.append("\",\"threadIdOnExternalPlatform\":\"")
                .append(id(IdIn.THREAD_ID_ON_EXTERNAL_PLATFORM, conversation, "external-" + other));
        text.append("\",\"status\":\"").append(status(webhook.happening()));
        text.append("\",\"statusUpdatedAt\":\"")
                .append(time(MILLIS, statusAt(webhook), 0))
                .append("+00:00");
        text.append(
                "\",\"createdAt\":\"2022-04-27T08:00:00+00:00\",\"direction\":\"inbound\",\"routingQueueId\":null,");
        text.append("\"inboxAssignee\":null,\"endUserRecipients\":[],\"detailUrl\":\"https://")
                .append(NEVER_TOLD);
        text.append(".example/case\",\"customFields\":[{\"ident\":\"email\",\"value\":\"")
                .append(NEVER_TOLD);
        text.append("@example.com\"},{\"ident\":\"age\",\"value\":\"\"}],\"authorEndUserIdentity\":{\"fullName\":\"")
                .append(NEVER_TOLD)
                .append(" Doe\",\"nickname\":\"\",\"image\":null}}");
        if (hasMessage) {
            message(text, webhook);
        } else {
            text.append(",\"message\":null");
        }
        text.append(
                ",\"visitor\":{\"browserFingerprint\":{\"browser\":\"Chrome\",\"ip\":\"192.0.2.7\",\"country\":\"\",\"language\":\"en\"},");
        text.append("\"note\":\"")
                .append(NEVER_TOLD)
                .append("\"},\"routingMode\":\"findmatch\",\"acceptRejectFlow\":false}}");
        return text.toString();
    }

    private static void message(StringBuilder text, Webhook webhook) {
        text.append(",\"message\":{\"id\":\"").append(webhook.messageId());
        text.append("\",\"idOnExternalPlatform\":\"external-").append(webhook.messageId());
        text.append("\",\"direction\":\"").append(direction(webhook.happening()));
        text.append("\",\"createdAt\":\"")
                .append(time(SECONDS, webhook.at(), 0))
                .append("+00:00");
        text.append("\",\"createdAtWithMilliseconds\":\"")
                .append(time(MILLIS, webhook.at(), 0))
                .append("+00:00");
        text.append("\",\"contentType\":\"TEXT\",\"messageContent\":{\"type\":\"TEXT\",\"text\":\"")
                .append(NEVER_TOLD)
                .append(" where is my parcel?\",\"parameters\":[],\"payload\":{\"text\":\"")
                .append(NEVER_TOLD)
                .append(" where is my parcel?\"}},\"attachments\":[],\"isRead\":false,\"readAt\":null,\"authorUser\":");
        text.append(
                webhook.happening() == Happening.INBOUND
                        ? "null"
                        : "{\"id\":81,\"emailAddress\":\"" + NEVER_TOLD + "@example.org\",\"firstName\":\"" + NEVER_TOLD
                                + "\",\"surname\":\"\"}");
        text.append('}');
    }

    private String id(IdIn field, String conversation, String otherwise) {
        return field == idIn ? conversation : otherwise;
    }

    private static String eventType(Happening happening) {
        return switch (happening) {
            case STARTED -> "CaseCreated";
            case INBOUND, OUTBOUND_CREATED -> "MessageCreated";
            case OUTBOUND_SENT -> "MessageSent";
            case RESOLVED, CLOSED -> "CaseStatusChanged";
            // The digital envelope has nothing that only says so; this is the closest, and no end either.
            case DISCONNECTED -> "CaseInboxAssigneeChanged";
        };
    }

    private static String direction(Happening happening) {
        return happening == Happening.INBOUND ? "inbound" : "outbound";
    }

    private static String status(Happening happening) {
        return switch (happening) {
            case STARTED -> "new";
            case RESOLVED -> "resolved";
            case CLOSED -> "closed";
            case INBOUND, OUTBOUND_SENT, OUTBOUND_CREATED, DISCONNECTED -> "open";
        };
    }

    /** A message's snapshot of its case carries a status that is older than the message. */
    private static Instant statusAt(Webhook webhook) {
        return webhook.messageId() == null ? webhook.at() : webhook.at().minusSeconds(17);
    }

    private static String time(DateTimeFormatter form, Instant time, int offsetHours) {
        return form.format(time.atOffset(ZoneOffset.ofHours(offsetHours)));
    }
}
