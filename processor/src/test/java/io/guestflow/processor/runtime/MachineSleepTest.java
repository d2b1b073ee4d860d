package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MachineSleepTest {
    @TempDir
    private Path temp;

    private Path uptime;
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    @BeforeEach
    void booted() throws IOException {
        uptime = temp.resolve("uptime");
        up("1000.25");
    }

    private void up(String seconds) throws IOException {
        Files.writeString(uptime, seconds + " 994.94\n");
    }

    private MachineSleep sleep() {
        return new MachineSleep(() -> nanos, uptime);
    }

    @Test
    void whatTheUptimeCountsAndNanoTimeDoesNotWasSleep() throws IOException {
        MachineSleep sleep = sleep();

        nanos += Duration.ofSeconds(10).toNanos();
        up("1610.27");

        assertEquals(600.01, sleep.getAsLong() / 1e9, 1e-6);
    }

    @Test
    void aThreadThatWasHeldUpBetweenTheTwoClocksAddsNone() throws IOException {
        MachineSleep sleep = sleep();
        up("1010.25");
        nanos += Duration.ofSeconds(70).toNanos();

        assertEquals(0, sleep.getAsLong());
    }

    @Test
    void withoutAnUptimeNoSleepIsKnownOf() throws IOException {
        MachineSleep sleep = sleep();
        up("soon");
        assertEquals(0, sleep.getAsLong());
        Files.delete(uptime);
        assertEquals(0, sleep.getAsLong());
        assertEquals(0, sleep().getAsLong());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisMachineIsAwake() {
        MachineSleep sleep = MachineSleep.since(System::nanoTime);

        assertTrue(sleep.getAsLong() < MachineSleep.SHORTEST_NANOS);
    }
}
