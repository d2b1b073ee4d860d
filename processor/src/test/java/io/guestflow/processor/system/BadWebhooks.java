package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.failure.DeadLetter.Cause;
import io.guestflow.processor.system.Entries.Entry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Webhooks that are none become dead letters without their content, and are counted. */
final class BadWebhooks {
    private static final String IN_S3 = """
            {"eventId":"e-1","eventType":"EventInS3","eventObject":"EventInS3","createdAt":"2026-01-22T07:03:00+0100",
             "data":{"url":"https://bucket.example/%1$s?X-Amz-Signature=%1$s"}}
            """.formatted(Output.CANARY);

    private final GuestflowSandbox guestflow;
    private final Instance processor;

    BadWebhooks(GuestflowSandbox guestflow, Instance processor) {
        this.guestflow = guestflow;
        this.processor = processor;
    }

    void becomeDeadLetters() {
        becomesDeadLetter("{\"eventId\":\"" + Output.CANARY, Defect.NOT_JSON);
        becomesDeadLetter("[\"" + Output.CANARY + "\"]", Defect.NOT_AN_OBJECT);
        becomesDeadLetter("{\"" + Output.CANARY + "\":\"" + "x".repeat(65_536) + "\"}", Defect.TOO_LARGE);
        becomesDeadLetter(null, Defect.NULL_VALUE);
        becomesDeadLetter(IN_S3, Defect.TOO_LARGE);
    }

    private void becomesDeadLetter(@Nullable String body, Defect defect) {
        double before = counted(defect);
        byte[] bytes = body == null ? null : body.getBytes(UTF_8);
        RecordMetadata at = guestflow.kafka().produce(new ProducerRecord<>(Topics.CXONE_EVENTS.name(), bytes));

        Entry<DeadLetter> entry = guestflow
                .deadLetters()
                .awaitOne(
                        "dead letter of " + at,
                        letter -> letter.topic().equals(at.topic())
                                && letter.partition() == at.partition()
                                && letter.offset() == at.offset());

        DeadLetter letter = entry.value();
        assertEquals(Cause.CONTRACT_VIOLATION, letter.cause());
        assertEquals(defect, letter.problems().getFirst().defect());
        assertEquals(bytes == null ? -1 : bytes.length, letter.valueBytes());
        assertFalse(entry.record().value().contains(Output.CANARY), "a dead letter tells what was in it");
        assertFalse(entry.record().value().contains("bucket"), "a dead letter tells where the event lies");
        await().atMost(Entries.SOON).until(() -> counted(defect) == before + 1);
    }

    private double counted(Defect defect) {
        return processor.metric(
                "guestflow_intake_events_total", "became=\"dead.letter\"", "reason=\"" + defect.name() + "\"");
    }
}
