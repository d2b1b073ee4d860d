package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.session.SessionEvent.Mark;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MarksTest {
    private final Marks marks = new Marks();

    @Test
    void nothingIsKnownBeforeEveryPartitionOfIntakeHasSpoken() {
        assertEquals(Instant.MIN, marks.readUntil());
        marks.observe(mark(0, 2, START));
        assertEquals(Instant.MIN, marks.readUntil());
        marks.observe(mark(1, 2, START.plusSeconds(3)));

        assertEquals(START, marks.readUntil(), "the one that is furthest behind counts");
    }

    @Test
    void aMarkGoesNoWayBack() {
        marks.observe(mark(0, 1, START.plusSeconds(5)));
        marks.observe(mark(0, 1, START));

        assertEquals(START.plusSeconds(5), marks.readUntil());
    }

    @Test
    void aPartitionThatWasAddedIsInDoubtUntilItHasSpoken() {
        marks.observe(mark(0, 1, START));
        marks.observe(mark(0, 2, START));
        assertEquals(Instant.MIN, marks.readUntil());
        marks.observe(mark(1, 2, START));
        assertEquals(START, marks.readUntil());
    }

    @Test
    void whatOnePartitionToldIsNotTakenForAll() {
        marks.observe(mark(0, 2, START.plusSeconds(9)));
        marks.observe(mark(0, 1, START));

        assertEquals(START, marks.readUntil());
    }

    private static Mark mark(int partition, int partitions, Instant readUntil) {
        return new Mark(readUntil, partition, partitions, readUntil);
    }
}
