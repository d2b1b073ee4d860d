package io.guestflow.processor.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class CommitPacerTest {
    private long nanos;
    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private final CommitPacer commits = new CommitPacer(() -> nanos);

    @Test
    void aLoneRecordIsCommittedAtOnce() {
        poll(1);
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void aBacklogIsCommittedTogether() {
        poll(500);
        for (int i = 0; i < 499; i++) {
            processAwaited();
            assertEquals(0, commitsRequested(), "committed with " + (499 - i) + " records of the poll left");
        }
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void theLastRecordCommitsForTheOthersAlsoIfItLeadsToNothing() {
        poll(2);
        processAwaited();
        commits.processed(context);
        assertEquals(1, commitsRequested());
    }

    @Test
    void recordsThatNobodyWaitsForAreLeftToTheInterval() {
        poll(2);
        commits.processed(context);
        commits.processed(context);
        assertEquals(0, commitsRequested());
    }

    @Test
    void twoPollsWithinThePaceAreCommittedOnce() {
        poll(1);
        processAwaited();
        nanos = CommitPacer.PACE_NANOS - 1;
        poll(1);
        processAwaited();
        assertEquals(1, commitsRequested());
        nanos = CommitPacer.PACE_NANOS;
        poll(1);
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
        poll(2);
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
        poll(100);
        processAwaited();
        poll(1);
        processAwaited();
        assertEquals(1, commitsRequested());
    }

    @Test
    void eachStreamThreadCountsItsOwn() throws InterruptedException {
        poll(100);
        Thread other = new Thread(() -> {
            poll(1);
            processAwaited();
        });
        other.start();
        other.join();
        assertEquals(1, commitsRequested());
    }

    private void poll(int count) {
        TopicPartition partition = new TopicPartition("guest-auth-requests", 0);
        List<ConsumerRecord<byte[], byte[]>> records = IntStream.range(0, count)
                .mapToObj(i -> new ConsumerRecord<>(partition.topic(), 0, i, new byte[0], new byte[0]))
                .toList();
        try (PolledRecords interceptor = new PolledRecords()) {
            interceptor.configure(Map.of(CommitPacer.CONFIG, commits));
            interceptor.onConsume(new ConsumerRecords<>(Map.of(partition, records), Map.of()));
        }
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
