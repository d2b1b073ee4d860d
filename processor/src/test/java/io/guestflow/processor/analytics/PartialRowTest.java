package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.EndReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PartialRowTest {
    private static final Sending OPEN = Sending.NEW.changedInTime();

    @Test
    void aFewDurationsLieWithTheCountsUntilTheyAreMany() {
        PartialRow row = PartialRow.none();
        int facts = 0;
        while (!row.last().isMany()) {
            row = PartialRow.of(row.counted(Given.succeeded(START, WEB, 100 + facts), facts, OPEN)
                    .bytes());
            row = row.counted(Given.ended(START, WEB, EndReason.IDLE, Duration.ofSeconds(facts)), facts, OPEN);
            row = row.counted(Given.message(START), facts, OPEN);
            facts++;
            assertTrue(row.lastIsAll());
            assertEquals(facts, row.last().latencyMs().count());
        }
        PartialRow without = PartialRow.of(row.withoutLast().bytes());
        assertFalse(without.lastIsAll());
        assertEquals(0, without.last().conversationS().count());
        assertEquals(3L * facts, without.counts().facts());
        assertEquals(facts - 1, without.countedTo());
    }

    @Test
    void aRowWithoutDurationsHasAllOfThem() {
        PartialRow row = PartialRow.none().counted(Given.message(START), 0, OPEN);
        assertTrue(PartialRow.of(row.bytes()).lastIsAll());
    }
}
