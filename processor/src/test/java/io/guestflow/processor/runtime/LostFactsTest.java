package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LostFactsTest {
    @Test
    void whatLiesBetweenTheGroupsPlaceAndTheTopicsBeginningIsLost() {
        assertEquals(
                Map.of(1, 5L),
                LostFacts.lost(Map.of(0, 10L, 1, 10L, 2, 10L, 4, 10L), Map.of(0, 10L, 1, 15L, 2, 9L, 3, 20L)));
    }

    @Test
    void aGroupThatHasBeenThereAndHasNoPlaceAnyMoreMayHaveLostWhatIsDeleted() {
        Map<Integer, Long> committed = Map.of(0, 10L);
        Map<Integer, Long> earliest = Map.of(0, 20L, 1, 20L, 2, 0L, 3, 20L, 4, 20L);
        // It was never in 3, nor in 4.
        Map<Integer, Long> state = Map.of(0, 5L, 1, 5L, 2, 5L, 3, 0L);

        assertEquals(Map.of(1, 20L), LostFacts.forgotten(committed, earliest, state));
    }
}
