package io.guestflow.processor.sandbox.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {

    @Test
    void aConstantRateSpreadsItsRequestsEvenlyOverTheWholeTime() {
        Arrivals arrivals = Arrivals.constant(200, Duration.ofSeconds(3));

        assertEquals(600, arrivals.count());
        assertEquals(2_500_000, arrivals.nanos(0));
        for (int i = 1; i < arrivals.count(); i++) {
            assertEquals(5_000_000, arrivals.nanos(i) - arrivals.nanos(i - 1));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 50_001, 200_002})
    void aPoissonProcessKeepsItsRateAndHasTheSpreadOfIndependentGuests(long seed) {
        double perSecond = 400;
        int seconds = 50;

        Arrivals arrivals = Arrivals.poisson(perSecond, Duration.ofSeconds(seconds), seed);

        double expected = perSecond * seconds;
        assertEquals(expected, arrivals.count(), 5 * Math.sqrt(expected));
        double mean = (double) arrivals.nanos(arrivals.count() - 1) / arrivals.count();
        double squares = 0;
        for (int i = 1; i < arrivals.count(); i++) {
            long gap = arrivals.nanos(i) - arrivals.nanos(i - 1);
            assertTrue(gap >= 0, "request " + i + " is due before the one before it");
            squares += Math.pow(gap - mean, 2);
        }
        double deviation = Math.sqrt(squares / arrivals.count());
        assertEquals(1.0, deviation / mean, 0.05, "an exponential distribution's deviation is its mean");
    }

    @Test
    void theSameSeedGivesTheSameTimesToBothSidesOfAComparison() {
        Arrivals one = Arrivals.poisson(100, Duration.ofSeconds(2), 7);
        Arrivals other = Arrivals.poisson(100, Duration.ofSeconds(2), 7);

        assertEquals(one.count(), other.count());
        for (int i = 0; i < one.count(); i++) {
            assertEquals(one.nanos(i), other.nanos(i));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aRateThatIsNoRateIsRefused(double perSecond) {
        assertThrows(IllegalArgumentException.class, () -> Arrivals.constant(perSecond, Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> Arrivals.poisson(perSecond, Duration.ofSeconds(1), 1));
    }
}
