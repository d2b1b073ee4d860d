package io.guestflow.processor.sandbox.bench.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aBacklogLastsAsLongWhateverIsWorkedOffInASecond() {
        var pace = new Pace();
        assertEquals(Pace.FIRST, pace.lasting(MINUTE));

        pace.found(2_740);
        assertEquals(164_400, pace.lasting(MINUTE));
        pace.found(12_000);
        assertEquals(720_000, pace.lasting(MINUTE));
        pace.found(1e6);
        assertEquals(Pace.MOST, pace.lasting(MINUTE));
    }
}
