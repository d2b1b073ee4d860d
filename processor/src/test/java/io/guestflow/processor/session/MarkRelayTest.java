package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.session.SessionEvent.Mark;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MarkRelayTest {
    private final Marks marks = new Marks();
    private final MarkRelay relay = new MarkRelay();

    @Test
    void whatIsNotKnownIsNotTold() {
        assertNull(relay.next(marks, START));
        hear(0, START);
        assertNull(relay.next(marks, START), "of the other partition nothing is known");
    }

    @Test
    void theOneThatIsFurthestBehindCountsForAll() {
        hear(0, START.plusSeconds(5));
        hear(1, START);

        assertEquals(new Mark(START.plusSeconds(6), 0, 1, START), relay.next(marks, START.plusSeconds(6)));
    }

    @Test
    void whatIsNewIsToldSoonAndNotAllTheTime() {
        hear(0, START);
        hear(1, START);
        relay.next(marks, START);
        assertNull(relay.next(marks, START.plusSeconds(9)), "nothing new");
        for (int i = 1; i <= 2; i++) {
            hear(0, START.plusSeconds(i));
            hear(1, START.plusSeconds(i));
            Instant now = START.plusSeconds(9 + i);
            assertEquals(new Mark(now, 0, 1, START.plusSeconds(i)), relay.next(marks, now));
        }
        hear(0, START.plusSeconds(4));
        hear(1, START.plusSeconds(4));
        Instant last = START.plusSeconds(11);
        assertNull(relay.next(marks, last.plus(MarkRelay.LEAST_PAUSE).minusMillis(1)));
        assertEquals(
                new Mark(last.plus(MarkRelay.LEAST_PAUSE), 0, 1, START.plusSeconds(4)),
                relay.next(marks, last.plus(MarkRelay.LEAST_PAUSE)));
    }

    private void hear(int partition, Instant readUntil) {
        marks.observe(new Mark(readUntil, partition, 2, readUntil));
    }
}
