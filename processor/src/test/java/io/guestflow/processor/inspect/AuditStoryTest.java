package io.guestflow.processor.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.audit.AuditEntry;
import io.guestflow.contracts.audit.AuditRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditStoryTest {
    private final AuditStory story =
            new AuditStory(new AuditAsked.Show(AuditAsked.By.CONVERSATION, "conv-1", false, List.of()));

    /** Auth's and sessions' times come from two clocks. */
    @Test
    void withinAPartitionNumbersAreTheOrderAndBetweenPartitionsTime() {
        Audits one = new Audits(0);
        Audits other = new Audits(1);
        look(one.next(at("a", 20)));
        look(one.next(at("b", 10)));
        look(one.next(at("c", 40)));
        look(other.next(at("d", 15)));
        look(other.next(at("e", 30)));

        assertEquals(
                List.of("d", "a", "b", "e", "c"),
                story.json().stream()
                        .map(line -> AuditRecord.CODEC
                                .read(line.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .auditId())
                        .toList());
    }

    @Test
    void whatWasErasedIsCounted() {
        Audits chain = new Audits(0);
        AuditRecord.Entry entry = chain.next(at("a", 1));
        story.look(AuditRecord.CODEC.write(
                new AuditRecord.Erased("a", entry.content().at(), entry.chain())));

        assertEquals(List.of(), story.lines());
        assertEquals(1, story.erased());
    }

    private void look(AuditRecord record) {
        story.look(AuditRecord.CODEC.write(record));
    }

    private static AuditEntry at(String id, int second) {
        AuditEntry it = Audits.succeeded(id, "r-1", "conv-1");
        return new AuditEntry(
                it.auditId(),
                it.at().plus(Duration.ofSeconds(second)),
                it.event(),
                it.guestRef(),
                it.conversationId(),
                it.channelId(),
                it.requestId(),
                it.attempt(),
                it.outcome(),
                it.httpStatus(),
                it.latencyMs(),
                it.calls(),
                it.consent(),
                it.contextKeys(),
                it.contextDropped(),
                it.details(),
                it.source());
    }
}
