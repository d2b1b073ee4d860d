package io.guestflow.processor.runtime;

import java.time.Duration;
import java.time.Instant;

/** A machine for tests: its time passes when it is told to, and its clock is put right or wrong. */
public final class SlewedMachine {
    private long nanos;
    private Instant wall;

    /** A machine whose clock shows that time. */
    public SlewedMachine(Instant wall) {
        this.wall = wall;
    }

    /** The clock of a process that starts on it now. */
    public SlewedClock start() {
        return new SlewedClock(() -> nanos, () -> wall);
    }

    /** Time passes. */
    public void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    /** Somebody sets its clock. */
    public void step(Duration by) {
        wall = wall.plus(by);
    }
}
