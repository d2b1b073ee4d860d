package io.guestflow.processor.analytics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.wire.UnreadableState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SketchTest {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void percentilesAreWithinTheBound(long seed) {
        Random random = new Random(seed);
        long[] values = LongStream.generate(() -> value(random))
                .limit(random.nextInt(1, 2_000))
                .toArray();
        Sketch sketch = new Sketch();
        for (long value : values) {
            sketch.add(value);
        }
        Arrays.sort(values);
        for (double percent : new double[] {50, 90, 99, 100}) {
            long exact = values[(int) Math.ceil(percent / 100 * values.length) - 1];
            long told = sketch.percentile(percent);
            assertTrue(
                    told >= exact && told <= exact * (1 + Sketch.RELATIVE_ERROR),
                    percent + " %: " + told + " for " + exact);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theBytesAreTheSameWhateverTheOrderAndTheDivision(long seed) {
        Random random = new Random(seed);
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            values.add(value(random));
        }
        Sketch whole = new Sketch();
        values.forEach(whole::add);

        Collections.shuffle(values, random);
        List<Sketch> parts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            parts.add(new Sketch());
        }
        values.forEach(value -> parts.get(random.nextInt(parts.size())).add(value));
        Collections.shuffle(parts, random);
        Sketch merged = new Sketch();
        parts.forEach(part -> merged.add(Sketch.of(part.encoded())));

        assertArrayEquals(whole.encoded(), merged.encoded());
    }

    @Test
    void valuesBeyondTheRangeCountAsTheHighest() {
        Sketch sketch = new Sketch();
        sketch.add(Long.MAX_VALUE);
        sketch.add(0);

        assertEquals(2, sketch.count());
        assertEquals(0, sketch.percentile(50));
        assertTrue(sketch.percentile(100) >= Sketch.HIGHEST);
    }

    @Test
    void whatCannotBeMergedIsRefusedLoudly() {
        assertThrows(UnreadableState.class, () -> Sketch.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        Histogram finer = new Histogram(1, Sketch.HIGHEST, 3);
        finer.recordValue(5);
        ByteBuffer encoded = ByteBuffer.allocate(finer.getNeededByteBufferCapacity());
        int length = finer.encodeIntoByteBuffer(encoded);
        UnreadableState refusal =
                assertThrows(UnreadableState.class, () -> Sketch.of(Arrays.copyOf(encoded.array(), length)));
        assertTrue(refusal.getMessage().contains("cannot be merged"), refusal.getMessage());
    }

    private static long value(Random random) {
        return Math.min(Sketch.HIGHEST, Math.round(Math.exp(5 + 2 * random.nextGaussian())));
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }
}
