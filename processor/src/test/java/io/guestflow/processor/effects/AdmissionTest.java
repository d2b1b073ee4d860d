package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {
    private final Admission admission = new Admission(256, 512, 64);

    @Test
    void leavesRoomForAWholeBatch() {
        assertTrue(admission.admits(192, 0, 0));
        assertFalse(admission.admits(193, 0, 0));
        assertTrue(admission.admits(0, 0, 448));
        assertFalse(admission.admits(0, 0, 449));
    }

    @Test
    void boundsWhatACrashCanRepeatApartFromWhatIsComplete() {
        Admission wide = new Admission(2048, 512, 64);

        assertTrue(wide.admits(1900, 1, 1), "one slow command holds up those that come after it");
        assertTrue(wide.admits(300, 192, 192));
        assertFalse(wide.admits(300, 193, 193));
    }

    @Test
    void refusesBoundsThatNoBatchFitsInto() {
        assertThrows(IllegalArgumentException.class, () -> new Admission(63, 512, 64));
        assertThrows(IllegalArgumentException.class, () -> new Admission(256, 63, 64));
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neitherBoundIsEverExceeded(int seed) {
        Random random = new Random(seed);
        int[] windows = new int[4];
        int widest = 0;
        for (int step = 0; step < 1000; step++) {
            int inFlight = IntStream.of(windows).sum();
            boolean[] polled = new boolean[windows.length];
            for (int p = 0; p < windows.length; p++) {
                polled[p] = admission.admits(windows[p], windows[p], inFlight);
            }
            for (int brought = random.nextInt(65); brought > 0; brought--) {
                int p = random.nextInt(windows.length);
                windows[p] += polled[p] ? 1 : 0;
            }
            for (int p = 0; p < windows.length; p++) {
                widest = Math.max(widest, windows[p]);
                assertTrue(windows[p] <= 256);
            }
            assertTrue(IntStream.of(windows).sum() <= 512);
            int p = random.nextInt(windows.length);
            windows[p] -= random.nextInt(windows[p] + 1) / 4;
        }
        assertTrue(widest > 100, "the bound was never near");
    }
}
