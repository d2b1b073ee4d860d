package io.guestflow.processor.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.contracts.analytics.PartialDistribution;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DistributionTest {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itIsTheSameHoweverOftenItIsStoredBetweenValuesAndMerges(long seed) {
        Random random = new Random(seed);
        Distribution plain = new Distribution();
        Distribution stored = new Distribution();
        Distribution other = new Distribution();
        for (int left = random.nextInt(200); left > 0; left--) {
            long value = Math.round(Math.exp(5 + 2 * random.nextGaussian()));
            plain.add(value);
            if (random.nextInt(4) == 0) {
                other.add(value);
            } else {
                stored.add(value);
            }
            if (random.nextInt(2) == 0) {
                stored = again(stored);
                other = again(other);
            }
            if (random.nextInt(50) == 0) {
                stored.add(other);
                other = new Distribution();
            }
        }
        stored.add(Distribution.of(other.toPartial()));

        assertEquals(exactly(plain), exactly(stored));
        assertEquals(plain.toLatency(), again(stored).toLatency());
        assertEquals(plain.toDuration(), again(stored).toDuration());
    }

    /** Of what is exact all; which values are loose depends on the way. */
    private static List<Long> exactly(Distribution distribution) {
        PartialDistribution partial = distribution.toPartial();
        return Arrays.asList(partial.count(), partial.sum(), partial.min(), partial.max());
    }

    @Test
    void aFewValuesTravelWithoutASketchAndManyInOne() {
        Distribution few = new Distribution();
        few.add(90);
        few.add(203);
        assertEquals(List.of(90L, 203L), few.toPartial().values());
        assertNull(few.toPartial().sketch());

        Distribution many = new Distribution();
        for (long value = 0; value < 1_000; value++) {
            many.add(value);
        }
        assertNotNull(many.toPartial().sketch());
        many.add(Distribution.of(few.toPartial()));
        few.add(Distribution.of(many.toPartial()));
        assertEquals(1_002, many.toLatency().count());
        assertEquals(1_004, few.toLatency().count());
    }

    private static Distribution again(Distribution distribution) {
        Out out = new Out();
        distribution.write(out);
        return Distribution.read(new In(out.bytes()));
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }
}
