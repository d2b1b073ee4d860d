package io.guestflow.processor.measure;

import static io.guestflow.processor.measure.Given.RULES;
import static io.guestflow.processor.measure.Given.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.LengthPrefixed;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes together, and how it is stored. */
class BatchTest {
    private static final Batch EMPTY = new Batch(1, Batch.State.OPEN, 0, 0, null);

    @Test
    void aHundredAreOneCommand() {
        Batch batch = EMPTY;
        for (int i = 0; i < 100; i++) {
            assertFalse(batch.isFull(RULES));
            assertFalse(batch.hasNoRoomFor(subject("c"), RULES));
            batch = batch.with(subject("conversation-" + i));
        }
        assertTrue(batch.isFull(RULES));
        assertTrue(batch.hasNoRoomFor(subject("c"), RULES));
    }

    @Test
    void itIsNearlyFullByItsNumberOrByTheWeightOfItsIds() {
        Batch batch = EMPTY;
        for (int i = 0; i < 75; i++) {
            assertFalse(batch.isNearlyFull(RULES), batch.size() + " of 100");
            batch = batch.with(subject("c" + i));
        }
        assertTrue(batch.isNearlyFull(RULES));
        batch = EMPTY;
        while (4 * batch.weight() < 3 * RULES.batchWeight()) {
            assertFalse(batch.isNearlyFull(RULES), batch.weight() + " of " + RULES.batchWeight());
            batch = batch.with(subject("\u0001".repeat(128)));
        }
        assertTrue(batch.isNearlyFull(RULES));
        assertTrue(batch.size() < 75, batch.size() + " conversations");
    }

    /** Ids of 128 characters, and the worst that JSON makes of each: command and outcome fit into records all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001", "\"", "é", "漢", "😀"})
    void whateverIdsAreMadeOfACommandAndItsOutcomeFitIntoRecords(String character) {
        Batch batch = EMPTY;
        List<String> ids = new ArrayList<>();
        String prefix = character.repeat(124);
        Subject next = subject(prefix + 1_000);
        while (!batch.isFull(RULES) && !batch.hasNoRoomFor(next, RULES)) {
            batch = batch.with(next);
            ids.add(next.conversationId());
            next = subject(prefix + (1_000 + ids.size()));
        }
        assertTrue(ids.size() > 30, ids.size() + " go together");
        Instant far = Instant.parse("9999-12-31T00:00:00Z");
        List<ConversationFigures> figures = ids.stream()
                .map(id -> new ConversationFigures(id, far, far, (1L << 53) - 1, Integer.MAX_VALUE))
                .toList();
        byte[] command = QueryCommand.CODEC.write(new QueryCommand.MeasureConversations("1.x", ids, far));
        byte[] outcome = QueryOutcome.CODEC.write(new QueryOutcome.Measured("1.x", figures, 20, 99, far));
        assertTrue(command.length < JsonCodec.MAX_BYTES, () -> command.length + " bytes of a command");
        assertTrue(outcome.length < JsonCodec.MAX_BYTES, () -> outcome.length + " bytes of an outcome");
        assertEquals(
                ids.size(),
                ((QueryCommand.MeasureConversations) QueryCommand.CODEC.read(command))
                        .conversationIds()
                        .size());
    }

    @Test
    void oneThatIsAlwaysTooHeavyGoesAlone() {
        MeasureRules light = Given.rules(true, 10, 1, 10);
        assertFalse(EMPTY.hasNoRoomFor(subject("0123456789abcdef"), light));
        assertTrue(EMPTY.with(subject("0123456789abcdef")).hasNoRoomFor(subject("x"), light));
    }

    @Test
    void whoGoesTakesHisWeightAlong() {
        Batch two = EMPTY.with(subject("a")).with(subject("bcd"));
        assertEquals(EMPTY.with(subject("a")), two.without(subject("bcd")));
    }

    @Test
    void whatCxoneSaysOfAnEndIsBelievedForSomeTime() {
        Duration most = Duration.ofHours(24);
        Instant never = Instant.parse("9998-01-01T00:00:00Z");
        Instant soon = Given.START.plusSeconds(60);
        assertEquals(Given.START.plus(most), Subject.overAtCxone(Given.ended("c", Given.START, never), most));
        assertEquals(soon, Subject.overAtCxone(Given.ended("c", Given.START, soon), most));
        assertEquals(Given.START, Subject.overAtCxone(Given.ended("c", Given.START, Instant.EPOCH), most));
    }

    @Test
    void whatIsStoredIsReadAgain() {
        Subject full = Subject.of(
                        Given.ended("c", Given.START, Given.START.plusSeconds(60)),
                        new Source("guest-facts", 3, 1L << 40),
                        Duration.ofHours(1))
                .answered()
                .failed()
                .failed()
                .refused()
                .alone();
        assertEquals(full, StoredBatches.subject(StoredBatches.write(full)));
        Subject bare = new Subject(
                "c",
                "g",
                new Dimensions(null, null, null),
                full.source(),
                full.endReason(),
                full.own(),
                full.giveUpAt(),
                0,
                0,
                0,
                false);
        assertEquals(bare, StoredBatches.subject(StoredBatches.write(bare)));
        for (Batch batch : List.of(
                EMPTY,
                EMPTY.with(full).asked("1.x"),
                EMPTY.with(full).ready(),
                new Batch(9, Batch.State.WAITING, 3, 4, null))) {
            assertEquals(batch, StoredBatches.batch(batch.number(), StoredBatches.write(batch)));
        }
        assertThrows(UnreadableState.class, () -> StoredBatches.subject(LengthPrefixed.of("2", "c")));
    }
}
