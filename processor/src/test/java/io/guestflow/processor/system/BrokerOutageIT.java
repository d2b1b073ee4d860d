package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.processor.sandbox.broker.BrokerOptions;
import io.guestflow.processor.sandbox.broker.KafkaCluster;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A broker that goes away under a running processor: it is waited for, the processor recovers by itself, and everybody who
 * asked before, meanwhile and after is answered once. A broker of its own, because others would miss theirs.
 */
@Timeout(400)
@Tag("full")
class BrokerOutageIT {
    private static final int PER_SECOND = 20;

    private static KafkaCluster broker;
    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start() {
        broker = KafkaCluster.start(1, BrokerOptions.fastStart());
        guestflow = new GuestflowSandbox(broker.bootstrap(), BrokerOutageIT.class);
        processor = guestflow.start("processor", Map.of());
    }

    @AfterAll
    static void stop() {
        guestflow.close();
        broker.close();
    }

    @Test
    void aBrokerThatDoesNotAnswerForSomeSecondsIsWaitedFor() {
        surviveOutage(Duration.ofSeconds(4), broker::pause, broker::resume);
    }

    @Test
    void aBrokerThatIsKilledAndComesBackIsWaitedFor() {
        surviveOutage(Duration.ofSeconds(3), broker::kill, broker::restart);
    }

    /** What could not be sent or committed is given up after 2 min, and what came of it is done again. */
    @Test
    void aBrokerThatIsAwayForLongerThanARecordMayTakeIsWaitedFor() {
        surviveOutage(Duration.ofSeconds(150), broker::kill, broker::restart);
    }

    @Test
    void aStopWhileTheBrokerIsAwayIsInTimeAndTheNextStartGoesOn() {
        // So that calls end when their outcomes cannot be written.
        guestflow.cxone().latency(Duration.ofMillis(500));
        List<GuestRequest> sent;
        try (Load load = Load.start(guestflow, PER_SECOND, GuestRequest::ofNewGuest)) {
            awaitMore(load, Duration.ofSeconds(1));
            await().atMost(Entries.SOON).until(() -> guestflow.cxone().inFlight(Endpoint.CREATE) > 0);
            broker.pause();
            long asked = System.nanoTime();
            int exitCode = processor.stop();
            long stopMs = (System.nanoTime() - asked) / 1_000_000;
            broker.resume();
            System.out.printf("stopped without a broker in %d ms%n", stopMs);
            assertEquals(0, exitCode);
            // 10 s from the signal to the last step, and then a JVM ends, on a machine that may be busy.
            assertTrue(stopMs < 12_000, () -> "stopped in " + stopMs + " ms");
            guestflow.cxone().latency(Duration.ZERO);
            processor.restart();
            sent = load.stop();
        }

        guestflow.results().awaitEach(sent, Duration.ofSeconds(120));
        guestflow.settle(Duration.ofSeconds(60));
        FactsTellTheResults.once(guestflow, guestflow.results().exactlyOneEach(sent));
    }

    private static void surviveOutage(Duration length, Runnable begin, Runnable end) {
        List<GuestRequest> sent;
        try (Load load = Load.start(guestflow, PER_SECOND, GuestRequest::ofNewGuest)) {
            awaitMore(load, Duration.ofSeconds(1));
            begin.run();
            awaitMore(load, length);
            Load.Sent during = load.sent().getLast();
            assertFalse(during.at().isDone(), "the broker took a request: there was no outage");
            end.run();
            awaitMore(load, Duration.ofSeconds(2));
            sent = load.stop();
        }

        guestflow.results().awaitEach(sent, Duration.ofSeconds(120));
        guestflow.settle(Duration.ofSeconds(60));

        assertTrue(processor.process().isAlive(), "the processor ended");
        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        FactsTellTheResults.once(guestflow, results);
        // What was under way when the broker went may have run into its deadline; what came after it has not.
        assertInstanceOf(
                Authenticated.class, results.get(sent.getLast().requestId()).value());
        await().atMost(Entries.SOON).until(() -> processor.get("/health/ready").statusCode() == 200);
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_application_running", "application=\"guestflow-facts\"") == 1);
        assertEquals(
                0,
                processor.metric("guestflow_application_restarts_total", "application=\"guestflow-facts\""),
                "guestflow-facts ended meanwhile");
    }

    /** As many requests as are sent in that time: the load is the clock. */
    private static void awaitMore(Load load, Duration time) {
        int until = load.sent().size() + Math.toIntExact(PER_SECOND * time.toMillis() / 1000);
        await().atMost(time.multipliedBy(5)).until(() -> load.sent().size() >= until);
    }
}
