package io.guestflow.processor.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class CommitPacerTest {
    private long nanos;
    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private final CommitPacer commits = new CommitPacer(() -> nanos);

    @Test
    void aLoneRecordIsCommittedAtOnce() {
        commits.polled(1);
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void aBacklogIsCommittedTogether() {
        commits.polled(500);
        for (int i = 0; i < 499; i++) {
            processAwaited();
            assertEquals(0, commitsRequested(), "committed with " + (499 - i) + " records of the poll left");
        }
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void theLastRecordCommitsForTheOthersAlsoIfItLeadsToNothing() {
        commits.polled(2);
        processAwaited();
        commits.processed(context);
        assertEquals(1, commitsRequested());
    }

    @Test
    void recordsThatNobodyWaitsForAreLeftToTheInterval() {
        commits.polled(2);
        commits.processed(context);
        commits.processed(context);
        assertEquals(0, commitsRequested());
    }

    @Test
    void twoPollsWithinThePaceAreCommittedOnce() {
        commits.polled(1);
        processAwaited();
        nanos = CommitPacer.PACE_NANOS - 1;
        commits.polled(1);
        processAwaited();
        assertEquals(1, commitsRequested());
        nanos = CommitPacer.PACE_NANOS;
        commits.polled(1);
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void aTimerBetweenPollsIsCommittedAtOnce() {
        commits.request(context);
        assertEquals(1, commitsRequested());
    }

    @Test
    void aTimerInTheMiddleOfAPollWaitsForItsLastRecord() {
        commits.polled(2);
        commits.processed(context);
        commits.request(context);
        assertEquals(0, commitsRequested());
        commits.processed(context);
        assertEquals(1, commitsRequested());
    }

    @Test
    void nobodyWaitsForACommitWhereRecordsAreVisibleWithoutOne() {
        CommitPacer none = CommitPacer.askingForNone();
        none.request(context);
        none.polled(1);
        none.request(context);
        none.processed(context);
        assertEquals(0, commitsRequested());
    }

    @Test
    void recordsThatNeverCameAreForgottenWithTheNextPoll() {
        commits.polled(100);
        processAwaited();
        commits.polled(1);
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void eachStreamThreadCountsItsOwn() throws InterruptedException {
        commits.polled(100);
        Thread other = new Thread(() -> {
            commits.polled(1);
            processAwaited();
        });
        other.start();
        other.join();
        assertEquals(1, commitsRequested());
    }

    private void processAwaited() {
        commits.request(context);
        commits.processed(context);
    }

    /** Since the last time that this was asked. */
    private int commitsRequested() {
        int requested = context.committed() ? 1 : 0;
        context.resetCommit();
        return requested;
    }
}
