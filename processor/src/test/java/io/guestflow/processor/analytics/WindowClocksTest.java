package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.RULES;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.processor.wire.ReadMark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records whose times are ahead of our clock, while facts lie unread: then it is they that tell how far we are. */
class WindowClocksTest {
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration STEP = Duration.ofMillis(500);

    @TempDir
    private Path stateDir;

    private AnalyticsHarness analytics;

    @BeforeEach
    void start() {
        analytics = new AnalyticsHarness(RULES, stateDir);
        analytics.behind();
    }

    @AfterEach
    void stop() {
        analytics.close();
    }

    @Test
    void aBrokerWhoseClockIsASecondAheadMakesNoWindowLate() {
        int facts = recordsAhead(Duration.ofSeconds(1), CLOSES.plusSeconds(2));

        MetricsWindow window = analytics.window();
        assertEquals(START, window.windowStart());
        assertEquals(1, window.revision());
        assertEquals(facts, window.messages().inbound());
    }

    @Test
    void nothingIsOverBeforeOurClockSaysSo() {
        recordsAhead(ReadMark.CLOCKS_APART, CLOSES.minus(STEP));

        assertEquals(List.of(), analytics.published());
    }

    @Test
    void aTimeThatIsFartherAheadTellsNothing() {
        recordsAhead(ReadMark.CLOCKS_APART.plusMillis(1), CLOSES.plusSeconds(3));

        assertEquals(List.of(), analytics.published());
    }

    /** Facts come all the time; how many there are in the first minute. */
    private int recordsAhead(Duration ahead, Instant until) {
        int facts = 0;
        while (analytics.now().isBefore(until)) {
            Instant now = analytics.now();
            analytics.factWrittenAt(Given.message(now), now.plus(ahead));
            facts += now.isBefore(START.plus(MINUTE)) ? 1 : 0;
            analytics.advance(STEP);
        }
        return facts;
    }
}
