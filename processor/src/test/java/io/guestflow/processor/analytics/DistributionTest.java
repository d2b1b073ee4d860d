package io.guestflow.processor.analytics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.util.Random;
import java.util.stream.LongStream;
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

        assertEquals(plain.toPartial(), stored.toPartial());
        assertEquals(plain.toLatency(), again(stored).toLatency());
        assertEquals(plain.toDuration(), again(stored).toDuration());
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
