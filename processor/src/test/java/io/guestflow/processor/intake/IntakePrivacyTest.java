package io.guestflow.processor.intake;

import static io.guestflow.processor.intake.Webhooks.RECORDED;
import static io.guestflow.processor.intake.Webhooks.REFS;
import static io.guestflow.processor.intake.Webhooks.RULES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.intake.WebhookReading.Told;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a webhook has besides the fields that are wanted, and wherever it has it, does not get out. */
class IntakePrivacyTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int WEBHOOKS_PER_SEED = 100;
    private static final List<String> TYPES = List.of(
            "MessageCreated",
            "MessageSent",
            "CaseStatusChanged",
            "ContactStatusChanged",
            "CaseInboxAssigneeChanged",
            "conversation.started",
            "conversation.message",
            "conversation.ended",
            "conversation.disconnected",
            "EventInS3",
            "CaseExploded");
    /** Names that real events have, so that the strangers' values stand where somebody might look. */
    private static final List<String> NAMES = List.of(
            "name",
            "text",
            "email",
            "ip",
            "id",
            "fullName",
            "status",
            "direction",
            "messageContent",
            "customFields",
            "authorUser",
            "url",
            "data",
            "message",
            "case",
            "contact",
            "channel",
            "thread",
            "context",
            "title");

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noOtherStringOfAWebhookIsInWhatComesOfIt(long seed) {
        Random random = new Random(seed);
        int told = 0;
        for (int i = 0; i < WEBHOOKS_PER_SEED; i++) {
            Set<String> secrets = new HashSet<>();
            byte[] body = JSON.writeValueAsBytes(webhook(random, secrets));
            for (String output : outputs(body)) {
                told++;
                for (String secret : secrets) {
                    assertTrue(!output.contains(secret), () -> secret + " got out: " + output);
                }
            }
        }
        assertTrue(told > WEBHOOKS_PER_SEED / 4, "hardly any webhook told anything: " + told);
    }

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    private static List<String> outputs(byte[] body) {
        try {
            return new WebhookReader(RULES, REFS).read(body, Webhooks.headers(), RECORDED) instanceof Told told
                    ? told.events().stream()
                            .map(event -> new String(SessionEvent.CODEC.write(event), StandardCharsets.UTF_8))
                            .toList()
                    : List.of();
        } catch (ContractViolation violation) {
            assertEquals("cxone-event", violation.schema());
            return List.of(violation.getMessage());
        }
    }

    /** An event with all that is wanted, in a thicket of what is not. */
    private static ObjectNode webhook(Random random, Set<String> secrets) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        ObjectNode event = thicket(random, secrets, 3);
        event.put("eventId", "evt-" + random.nextInt());
        if (type.startsWith("conversation.")) {
            event.put("type", type).put("conversationId", "conv-1").put("channelId", "web-1");
            event.put("occurredAt", "2026-11-22T07:03:00Z").put("direction", "inbound");
            event.remove("eventType");
            // A guest's id is told as a reference only.
            event.put("guestId", secret(random, secrets));
            return event;
        }
        event.put("eventType", type).put("createdAt", "2026-11-22T07:03:00+0100");
        ObjectNode data = thicket(random, secrets, 3);
        ObjectNode conversation = thicket(random, secrets, 2);
        conversation.put("id", "1319").put("status", random.nextBoolean() ? "closed" : secret(random, secrets));
        conversation.put("statusUpdatedAt", "2026-11-22T07:02:00Z");
        ObjectNode message = thicket(random, secrets, 2);
        message.put("id", "m-1").put("direction", "outbound");
        message.remove("idOnExternalPlatform");
        data.set("case", conversation);
        data.set("message", message);
        data.set("channel", JSON.createObjectNode().put("id", "chat_7").put("name", secret(random, secrets)));
        event.set("data", data);
        return event;
    }

    private static ObjectNode thicket(Random random, Set<String> secrets, int depth) {
        ObjectNode node = JSON.createObjectNode();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String name = random.nextInt(4) == 0 ? secret(random, secrets) : NAMES.get(random.nextInt(NAMES.size()));
            switch (random.nextInt(depth > 0 ? 4 : 2)) {
                case 0, 1 -> node.put(name, secret(random, secrets));
                case 2 -> node.set(name, thicket(random, secrets, depth - 1));
                default -> {
                    ArrayNode array = node.putArray(name);
                    JsonNode element = thicket(random, secrets, depth - 1);
                    array.add(element).add(secret(random, secrets));
                }
            }
        }
        return node;
    }

    private static String secret(Random random, Set<String> secrets) {
        String secret = "secret-" + Long.toHexString(random.nextLong());
        secrets.add(secret);
        return secret;
    }
}
