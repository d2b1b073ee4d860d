package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.processor.factlog.FactLog;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Windows of the whole process. */
@Tag("full")
@Timeout(300)
@ExtendWith(SharedBroker.class)
class WindowsIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Duration SIZE = Duration.ofSeconds(5);
    /** Long enough for rows to go ahead of their window. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final long LATE_MOST_MS = 10_000;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    WindowsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), WindowsIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void theWindowOfAGuestClosesThoughNothingMoreComes() {
        Instance processor = guestflow.start(
                "processor",
                Map.of("GUESTFLOW_ANALYTICS_WINDOWS", "5s,1h", "GUESTFLOW_ANALYTICS_GRACE", GRACE.toSeconds() + "s"));
        // What it takes to start is no lateness.
        await().atMost(LONG)
                .until(() ->
                        processor.metric("guestflow_application_running", "application=\"" + FactLog.APPLICATION + "\"")
                                == 1);
        guestflow.answerTo(GuestRequest.ofNewGuest());

        List<Entries.Entry<MetricsWindow>> windows = guestflow
                .windows()
                .await(
                        "the guest's window",
                        all -> all.stream()
                                .map(Entries.Entry::value)
                                .anyMatch(window -> window.windowSize().equals("5s")
                                        && window.auth().succeeded() == 1
                                        && window.sessions().opened() == 1),
                        LONG);
        Entries.Entry<MetricsWindow> found = windows.stream()
                .filter(entry -> entry.value().windowSize().equals("5s")
                        && entry.value().auth().succeeded() == 1)
                .toList()
                .getLast();
        MetricsWindow window = found.value();
        assertEquals(1, window.authLatencyMs().count());
        assertEquals(1, window.revision());
        long lateMs =
                found.record().timestamp() - window.windowEnd().plus(GRACE).toEpochMilli();
        assertTrue(lateMs >= 0 && lateMs <= LATE_MOST_MS, () -> "published " + lateMs + " ms after its grace");
    }

    @Test
    void lateFactsBringTheWholeWindowAgainAndARestartCountsNothingTwice() {
        Instance processor = guestflow.start(
                "processor", Map.of("GUESTFLOW_ANALYTICS_WINDOWS", "5s", "GUESTFLOW_ANALYTICS_GRACE", "1s"));
        ToldFacts facts = new ToldFacts(guestflow, SIZE);
        for (int i = 0; i < 400; i++) {
            facts.tell(Instant.now(), "channel-" + i % 3);
        }
        facts.assertCounted(LONG);
        assertEquals(0, processor.stop());
        for (int i = 0; i < 40; i++) {
            facts.tell(Instant.now().minusSeconds(20), "channel-" + i % 3);
        }
        facts.flush();
        processor.restart();
        facts.assertCounted(LONG);
        assertEquals(0, processor.metric("guestflow_analytics_dropped_total"));
    }
}
