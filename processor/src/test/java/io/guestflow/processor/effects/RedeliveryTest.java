package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
    private static final int WINDOW = 3;

    @Test
    void afterACrashEverythingThatWasThereIsSuspectUpToTheWindow() {
        Redelivery redelivery = Redelivery.since(new OffsetAndMetadata(10), 100, WINDOW);

        assertTrue(redelivery.suspects(10));
        assertTrue(redelivery.suspects(12));
        assertTrue(redelivery.suspects(15));
        assertFalse(redelivery.suspects(16), "no owner begins more than its window");
    }

    @Test
    void whatCameAfterTheAssignmentIsNew() {
        Redelivery redelivery = Redelivery.since(new OffsetAndMetadata(10), 11, WINDOW);

        assertTrue(redelivery.suspects(10));
        assertFalse(redelivery.suspects(11));
    }

    @Test
    void afterAnOrderlyEndOnlyWhatHadBegunIsSuspect() {
        Redelivery first = Redelivery.since(new OffsetAndMetadata(0), 0, WINDOW);
        String word = first.lastWord(12);

        Redelivery second = Redelivery.since(new OffsetAndMetadata(10, word), 100, WINDOW);

        assertTrue(second.suspects(11));
        assertFalse(second.suspects(12));
    }

    @Test
    void afterAnOrderlyEndWithNothingRunningNothingIsSuspect() {
        Redelivery first = Redelivery.since(new OffsetAndMetadata(0), 0, WINDOW);

        Redelivery second = Redelivery.since(new OffsetAndMetadata(10, first.lastWord(10)), 100, WINDOW);

        assertFalse(second.suspects(10));
    }

    @Test
    void anOwnerBetweenPassesOnWhatItDidNotGetRoundTo() {
        Redelivery afterCrash = Redelivery.since(new OffsetAndMetadata(10), 12, WINDOW);
        assertTrue(afterCrash.suspects(10));

        Redelivery next = Redelivery.since(new OffsetAndMetadata(11, afterCrash.lastWord(11)), 100, WINDOW);

        assertTrue(next.suspects(11));
        assertFalse(next.suspects(12));
    }

    @Test
    void withoutAnyCommitTheFirstOwnerMayHaveDiedBeforeIt() {
        Redelivery redelivery = Redelivery.since(null, 2, WINDOW);

        assertTrue(redelivery.suspects(0));
        assertFalse(redelivery.suspects(2));
    }

    @Test
    void metadataOfSomebodyElseIsAsGoodAsNone() {
        for (String metadata : new String[] {"", "x", "begun<", "begun<many"}) {
            assertTrue(Redelivery.since(new OffsetAndMetadata(10, metadata), 11, WINDOW)
                    .suspects(10));
        }
        assertEquals("begun<11", Redelivery.since(null, 0, WINDOW).lastWord(11));
    }
}
