package io.guestflow.processor.runtime;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator is told about the clock of the process. Threading: any thread. */
interface ClockLog {
    /** The machine's clock is so far ahead, or with a minus behind, and it will take about so long. */
    void apart(Duration offset, Duration lasting);

    /** That is over. */
    void mended();

    /** The machine slept, and the clock went forward by so much. */
    void slept(Duration time);

    /** One line for each. */
    static ClockLog ofTheProcess() {
        Logger log = LoggerFactory.getLogger(SlewedClock.class);
        return new ClockLog() {
            @Override
            public void apart(Duration offset, Duration lasting) {
                log.warn(
                        "the machine's clock is {} {} the clock of this process, which follows slowly, for about {}, so that"
                                + " nothing becomes due early: until then deadlines and times of consent are off by as much;"
                                + " if the machine's clock is right, a restart takes it at once",
                        Duration.ofSeconds(offset.abs().toSeconds()),
                        offset.isNegative() ? "behind" : "ahead of",
                        lasting);
            }

            @Override
            public void mended() {
                log.warn("the clock of this process is with the machine's again");
            }

            @Override
            public void slept(Duration time) {
                log.warn(
                        "the machine slept for {}: what became due meanwhile is due now",
                        Duration.ofSeconds(time.toSeconds()));
            }
        };
    }
}
