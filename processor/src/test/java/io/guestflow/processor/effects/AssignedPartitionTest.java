package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AssignedPartitionTest {
    private static final TopicPartition PARTITION = new TopicPartition("commands", 0);

    private final AssignedPartition partition = assigned(new OffsetAndMetadata(10));

    @Test
    void hasNothingToCommitBeforeItWasPolled() {
        assertNull(partition.progress());
        assertNull(partition.lastWord());
    }

    @Test
    void hasProgressOnceTheLowestRecordIsComplete() {
        deliverAndBegin(10, 11);
        partition.position(13);
        partition.complete(11);
        assertNull(partition.progress());

        partition.complete(10);

        assertEquals(new OffsetAndMetadata(13), partition.progress());
        partition.committed(13);
        assertNull(partition.progress());
        assertEquals(0, partition.window());
    }

    @Test
    void beginsNothingAfterItsEnd() {
        deliverAndBegin(10);
        partition.delivered(11);

        partition.end();

        assertFalse(partition.begin(11));
        assertEquals(1, partition.running());
    }

    @Test
    void itsLastWordNamesWhatHadBegunAndIsNotComplete() {
        deliverAndBegin(10, 11);
        partition.delivered(12);
        partition.position(13);
        partition.end();
        partition.complete(10);

        assertEquals(new OffsetAndMetadata(11, "begun<12"), partition.lastWord());
    }

    @Test
    void whatEndsLateCountsForNothingInTheNextAssignment() {
        deliverAndBegin(10);
        partition.end();
        AssignedPartition next = assigned(new OffsetAndMetadata(10));
        next.delivered(10);
        next.position(11);

        partition.complete(10);

        assertNull(next.progress());
        assertEquals(1, next.window());
    }

    @Test
    void whatIsGivenUpStaysIncomplete() {
        deliverAndBegin(10);
        partition.position(11);

        partition.abandon();

        assertNull(partition.progress());
        assertEquals(0, partition.running());
    }

    @Test
    void waitsForWhatRunsOnlyAsLongAsItMay() throws InterruptedException {
        deliverAndBegin(10);
        assertTrue(partition.awaitQuiet(1) <= 0);

        Thread.ofVirtual().start(() -> partition.complete(10));

        assertTrue(partition.awaitQuiet(TimeUnit.SECONDS.toNanos(20)) > 0);
    }

    private void deliverAndBegin(long... offsets) {
        for (long offset : offsets) {
            partition.delivered(offset);
            assertTrue(partition.begin(offset));
        }
    }

    private static AssignedPartition assigned(OffsetAndMetadata committed) {
        return new AssignedPartition(PARTITION, committed, Redelivery.since(committed, committed.offset(), 256));
    }
}
