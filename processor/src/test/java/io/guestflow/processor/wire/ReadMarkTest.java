package io.guestflow.processor.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReadMarkTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final Instant RECORDED = NOW.minusSeconds(90);

    @Test
    void withoutALagEverythingIsReadUntilNow() {
        assertEquals(Optional.of(NOW), new ReadMark(progress(0, 0)).readUntil(progress(0, 0), NOW));
    }

    @Test
    void whatWasHandedOutAndIsNotProcessedIsNotRead() {
        ReadMark mark = new ReadMark(progress(0, 100));
        mark.processed(RECORDED, NOW);
        assertEquals(Optional.of(RECORDED), mark.readUntil(progress(0, 102), NOW));
        mark.processed(RECORDED.plusSeconds(1), NOW);
        assertEquals(Optional.of(NOW), mark.readUntil(progress(0, 102), NOW));
    }

    @Test
    void behindItIsTheLastRecordThatTellsTheTime() {
        ReadMark mark = new ReadMark(progress(500, 0));
        assertEquals(Optional.empty(), mark.readUntil(progress(500, 0), NOW));
        mark.processed(RECORDED, NOW);
        assertEquals(Optional.of(RECORDED), mark.readUntil(progress(499, 1), NOW));
    }

    /** A broker's clock is never quite ours: behind, it would be the last record for ever that tells no time. */
    @Test
    void aRecordFromALittleAheadTellsThatAllIsReadUpToNow() {
        ReadMark mark = new ReadMark(progress(500, 0));
        mark.processed(NOW.plus(ReadMark.CLOCKS_APART), NOW);
        assertEquals(Optional.of(NOW), mark.readUntil(progress(499, 1), NOW));
        assertEquals(Optional.of(NOW), mark.readUntil(progress(499, 1), NOW.plusSeconds(9)), "not of later");
    }

    @Test
    void aRecordFromFartherAheadIsProcessedAndTellsNoTime() {
        ReadMark mark = new ReadMark(progress(1, 0));
        mark.processed(RECORDED, NOW);
        mark.processed(NOW.plus(ReadMark.CLOCKS_APART).plusMillis(1), NOW);
        assertEquals(Optional.of(RECORDED), mark.readUntil(progress(1, 2), NOW));
        assertEquals(Optional.of(NOW), mark.readUntil(progress(0, 2), NOW));
    }

    @Test
    void aConsumerThatDoesNotKnowIsNotOneThatHasNoMore() {
        ReadMark mark = new ReadMark(Optional.empty());
        assertEquals(Optional.empty(), mark.readUntil(Optional.empty(), NOW));
        PartitionProgress unknown = new PartitionProgress(OptionalLong.empty(), 0, Duration.ZERO);
        assertEquals(Optional.empty(), mark.readUntil(Optional.of(unknown), NOW));
    }

    @Test
    void aThreadThatDidNotPollForAWhileKnowsNothingOfThatWhile() {
        PartitionProgress old = new PartitionProgress(OptionalLong.of(0), 0, Duration.ofSeconds(10));
        assertEquals(
                Optional.of(NOW.minusSeconds(10)), new ReadMark(Optional.empty()).readUntil(Optional.of(old), NOW));
    }

    @Test
    void itNeverGoesBackAndNeverAhead() {
        ReadMark mark = new ReadMark(progress(0, 0));
        mark.readUntil(progress(0, 0), NOW);
        mark.processed(RECORDED, NOW);
        assertEquals(Optional.of(NOW), mark.readUntil(progress(7, 1), NOW.plusSeconds(1)));
        Instant later = NOW.plusSeconds(2);
        mark.processed(later.plusSeconds(1), later);
        assertEquals(Optional.of(later), mark.readUntil(progress(6, 2), later));
    }

    private static Optional<PartitionProgress> progress(long lag, long delivered) {
        return Optional.of(new PartitionProgress(OptionalLong.of(lag), delivered, Duration.ZERO));
    }
}
