package io.guestflow.processor.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Windows of a process that is killed, and of one that comes back to an hour of facts. */
@Tag("full")
@Timeout(600)
@ExtendWith(SharedBroker.class)
class WindowKillsIT {
    private static final Duration LONG = Duration.ofSeconds(180);
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final long APART_MS = 5_000;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    WindowKillsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), WindowKillsIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    /** With a grace that is long enough for rows to go ahead of their window, as by default. */
    @Test
    void killsLoseNoFactAndCountNoneTwice() {
        Random random = new Random(20261126);
        Instance processor = guestflow.start(
                "processor", Map.of("GUESTFLOW_ANALYTICS_WINDOWS", "10s", "GUESTFLOW_ANALYTICS_GRACE", "5s"));
        ToldFacts facts = new ToldFacts(guestflow, Duration.ofSeconds(10));
        for (int kill = 1; kill <= 3; kill++) {
            Instant until = Instant.now().plusMillis(6_000 + random.nextInt(4_000));
            while (Instant.now().isBefore(until)) {
                for (int i = 0; i < 4; i++) {
                    Instant at = Instant.now().minusMillis(random.nextInt(10) == 0 ? random.nextInt(30_000) : 0);
                    facts.tell(at, "channel-" + random.nextInt(5));
                }
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
            processor.kill();
            System.out.printf(
                    "kill %d after %d facts, ready in %d ms%n",
                    kill, facts.number(), processor.restart().toMillis());
        }
        facts.assertCounted(LONG);
    }

    @Test
    void anHourOfFactsIsCaughtUpWithBesideLiveOnes() {
        Instance processor = guestflow.start(
                "processor", Map.of("GUESTFLOW_ANALYTICS_WINDOWS", "10s", "GUESTFLOW_ANALYTICS_GRACE", "2s"));
        ToldFacts facts = new ToldFacts(guestflow, Duration.ofSeconds(10));
        assertEquals(0, processor.stop());
        Instant now = Instant.now();
        for (int second = 3_600; second > 0; second--) {
            for (int i = 0; i < 12; i++) {
                facts.tell(now.minusSeconds(second), "channel-" + i % 3);
            }
        }
        facts.flush();
        Instant began = Instant.now();
        processor.restart();
        while (Instant.now().isBefore(began.plusSeconds(25))) {
            facts.tell(Instant.now(), "channel-live");
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        facts.assertCounted(LONG);
        assertEquals(0, processor.metric("guestflow_analytics_dropped_total"), "facts left out");
        Map<String, Long> last = new HashMap<>();
        int revisions = 0;
        for (Entry<MetricsWindow> entry : guestflow.windows().all()) {
            Long before = last.put(entry.value().key(), entry.record().timestamp());
            revisions += before == null ? 0 : 1;
            assertTrue(
                    before == null || entry.record().timestamp() - before >= APART_MS,
                    () -> "revision " + entry.value().revision() + " of "
                            + entry.value().key() + " came too soon");
        }
        System.out.printf("%d windows and channels, %d later revisions%n", last.size(), revisions);
    }
}
