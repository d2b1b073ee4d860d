package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.GRACE;
import static io.guestflow.processor.analytics.Given.MINUTE;
import static io.guestflow.processor.analytics.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.analytics.AnalyticsMeters.Fate;
import io.guestflow.processor.analytics.AnalyticsMeters.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not make a window less than it was, nor more. */
class WindowLossesTest {
    private static final Instant TEN = START.plusSeconds(10);
    private static final Instant CLOSES = START.plus(MINUTE).plus(GRACE);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final Duration AT_THE_LATEST = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMinutes(5);

    @TempDir
    private Path stateDir;

    private AnalyticsHarness analytics;

    @BeforeEach
    void start() {
        analytics = new AnalyticsHarness(Given.rules(1_000, false, SHORT), stateDir);
    }

    @AfterEach
    void stop() {
        analytics.close();
    }

    @Test
    void whatWasForgottenDoesNotBeginAnewUnderALongerRetention() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(SHORT).plus(MINUTE.multipliedBy(2)));
        assertEquals(1, analytics.window().revision());

        analytics.restart(Given.rules(1_000, false, Duration.ofHours(48)));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        assertEquals(List.of(), analytics.published());
        assertEquals(1, analytics.facts(Fate.DROPPED));
    }

    @Test
    void whatWasForgottenDoesNotBeginAnewUnderAClockThatIsBehind() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(SHORT).plus(MINUTE.multipliedBy(2)));
        analytics.published();

        analytics.moveToClock(CLOSES.plus(MINUTE));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        assertEquals(List.of(), analytics.published());
        assertEquals(1, analytics.facts(Fate.DROPPED));
    }

    @Test
    void anOlderPartDoesNotTakeThePlaceOfANewerOne() {
        analytics.fact(Given.message(TEN));
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        MetricsPartial.Part older = analytics.partials().getFirst();
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);
        analytics.published();
        analytics.partial(older);
        analytics.advance(AT_THE_LATEST);

        assertEquals(List.of(), analytics.published());
        assertEquals(1, analytics.dropped(Stage.SHRUNK));
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);
        assertEquals(3, analytics.window().messages().inbound());
    }

    @Test
    void aWindowThatWasOpenWhenTheProcessWentDownForLongerThanTheRetentionIsPublished() {
        analytics.fact(Given.message(TEN));
        analytics.behind();
        analytics.moveToClock(CLOSES.plus(SHORT).plus(MINUTE.multipliedBy(2)));
        analytics.advance(AT_THE_LATEST);

        MetricsWindow window = analytics.window();
        assertEquals(1, window.revision());
        assertEquals(1, window.messages().inbound());
        assertEquals(List.of(), analytics.left(PartialProcessor.WINDOWS));
    }

    @Test
    void factsThatAreReadAnewCountOnce() {
        Fact first = Given.succeeded(TEN, Given.WEB, 100);
        Fact second = Given.message(TEN);
        AnalyticsHarness.Committed atFirst = analytics.committed();
        analytics.fact(first);
        analytics.fact(second);
        analytics.advanceTo(CLOSES.plus(AT_ONCE));
        analytics.published();

        analytics.readAnewFrom(atFirst);
        analytics.fact(first);
        analytics.fact(second);
        analytics.fact(Given.message(TEN));
        analytics.advance(AT_THE_LATEST);

        MetricsWindow again = analytics.window();
        assertEquals(2, again.messages().inbound());
        assertEquals(1, again.auth().succeeded());
    }
}
