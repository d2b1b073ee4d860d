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
}
