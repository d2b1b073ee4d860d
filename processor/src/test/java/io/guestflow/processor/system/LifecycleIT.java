package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.system.Entries.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A processor that is stopped and started, and what it tells of itself while it runs. */
@Timeout(180)
@ExtendWith(SharedBroker.class)
class LifecycleIT {
    private static final Duration DRAINS_WITHIN = Duration.ofSeconds(10);

    /** The aim is 5 s on two quiet cores; a busy machine is no defect. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(15);

    private static final String STATE_DELETED = "so it is deleted and restored";

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), LifecycleIT.class);
        processor = guestflow.start("processor", Map.of());
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    @AfterEach
    void heal() {
        guestflow.cxone().clearFaults();
        guestflow.cxone().latency(Duration.ZERO);
        guestflow.cxone().forbiddenChannels(List.of());
    }

    @Tag("full")
    @Test
    void aStopUnderLoadDrainsAndTheNextStartLosesAndRepeatsNothing() {
        guestflow.cxone().latency(Duration.ofMillis(100));
        guestflow.cxone().resetCounters();
        List<GuestRequest> sent;
        try (Load load =
                Load.start(guestflow, 100, () -> GuestRequest.ofNewGuest().timeoutMs(60_000))) {
            guestflow.results().awaitAnswered(guestflow.results().all().size() + 50, Entries.SOON);

            long asked = System.nanoTime();
            int exitCode = processor.stop();
            long drainMs = (System.nanoTime() - asked) / 1_000_000;

            assertEquals(0, exitCode);
            assertTrue(drainMs <= DRAINS_WITHIN.toMillis(), () -> "drained in " + drainMs + " ms");
            Duration ready = processor.restart();
            System.out.printf("stopped under load in %d ms, ready again in %d ms%n", drainMs, ready.toMillis());
            assertTrue(ready.compareTo(READY_WITHIN) <= 0, () -> "ready after " + ready);
            sent = load.stop();
        }

        guestflow.results().awaitEach(sent, Entries.SOON);
        guestflow.settle(Entries.SOON);
        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        results.values().forEach(result -> assertInstanceOf(Authenticated.class, result.value()));
        FactsTellTheResults.once(guestflow, results);
        // In order means that what ran was let end: nothing is left that an earlier owner may have begun.
        assertEquals(0, processor.metric("guestflow_effects_redelivered_total"));
        assertTrue(guestflow.cxone().callsByKey().values().stream().allMatch(calls -> calls == 1), "repeated calls");
    }

    @Test
    @Tag("full")
    void aStopWhileCxoneHangsIsInTimeAndTheRequestIsAnsweredAfterTheNextStart() {
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.Hang(false), 1);
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(60_000);
        guestflow.send(request);
        await().atMost(Entries.SOON).until(() -> guestflow.cxone().inFlight(Endpoint.CREATE) == 1);

        long asked = System.nanoTime();
        int exitCode = processor.stop();
        long drainMs = (System.nanoTime() - asked) / 1_000_000;
        processor.restart();

        assertEquals(0, exitCode);
        assertTrue(drainMs <= DRAINS_WITHIN.toMillis(), () -> "drained in " + drainMs + " ms");
        assertInstanceOf(Authenticated.class, guestflow.results().await(request).value());
        assertEquals(1, processor.metric("guestflow_effects_redelivered_total"));
    }

    @Test
    @Tag("full")
    void stateThatWasAwayForTooLongIsRestoredFromTheChangelogs() throws IOException {
        GuestRequest request = GuestRequest.ofNewGuest().timeoutMs(60_000);
        assertInstanceOf(Authenticated.class, guestflow.answerTo(request));
        processor.stop();
        assertEquals(0, processor.timesTold(STATE_DELETED), "state that was closed in order is kept");
        // As if the process had been away, for longer than state is built upon and for less than changelogs tell all.
        Path closedAt = Path.of(guestflow.settings("processor").get("GUESTFLOW_STATE_DIR"))
                .resolve("state-closed-at");
        Files.writeString(closedAt, Instant.now().minus(Duration.ofMinutes(90)).toString());

        processor.restart();
        guestflow.send(request);

        List<Entry<GuestAuthResult>> answers = guestflow.results().awaitCount(request, 2);
        assertTrue(Results.isReplay(answers.getLast()), "what the state knew is known again");
        assertEquals(1, processor.timesTold(STATE_DELETED));
    }

    @Test
    void everyRequestIsAccountedFor() {
        guestflow.settle(Entries.SOON);
        Accounts before = Accounts.of(processor);
        guestflow.cxone().forbiddenChannels(List.of("voice-07"));
        List<GuestRequest> answered = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answered.add(GuestRequest.ofNewGuest().context("segment", "anonymous"));
            answered.add(GuestRequest.ofNewGuest().consent("accepted", false));
            answered.add(GuestRequest.ofNewGuest().with("channelId", "voice-07"));
            answered.add(GuestRequest.ofNewGuest().key(null).partition(i % GuestflowSandbox.PARTITIONS));
        }
        answered.forEach(guestflow::send);
        // As repeats these are pending or ended, as they come.
        answered.forEach(guestflow::send);
        for (int i = 0; i < 5; i++) {
            guestflow.kafka().produce(Topics.GUEST_AUTH_REQUESTS.name(), "key-" + i, "not JSON");
        }
        guestflow.results().awaitEach(answered, Entries.SOON);
        guestflow.settle(Entries.SOON);

        Accounts since = Accounts.of(processor).since(before);
        assertEquals(2 * answered.size() + 5 + GuestflowSandbox.PARTITIONS, since.requests());
        assertEquals(5, since.deadLetters());
        assertEquals(since.requests(), since.accountedFor(), since::toString);
        assertEquals(since.delivered(), since.carriedOut(), since::toString);
    }

    /** What a processor that has nothing under way has counted; what it found pending at its start is not its request. */
    private record Accounts(
            double requests,
            double finals,
            double replays,
            double suppressed,
            double redelivered,
            double deadLetters,
            double pending,
            double delivered,
            double outcomes,
            double skipped,
            double unreadable,
            double dropped) {

        static Accounts of(Instance processor) {
            return new Accounts(
                    processor.metric("guestflow_auth_requests_total"),
                    processor.metric("guestflow_auth_finals_total"),
                    processor.metric("guestflow_auth_replays_total"),
                    processor.metric("guestflow_auth_suppressed_total"),
                    processor.metric("guestflow_auth_redelivered_total"),
                    processor.metric("guestflow_dead_letters_total", "topic=\"guest-auth-requests\""),
                    processor.metric("guestflow_auth_pending"),
                    processor.metric("guestflow_effects_delivered_total"),
                    processor.metric("guestflow_effects_outcomes_total"),
                    processor.metric("guestflow_effects_skipped_total"),
                    processor.metric("guestflow_effects_dead_letters_total"),
                    processor.metric("guestflow_effects_dropped_total"));
        }

        Accounts since(Accounts before) {
            return new Accounts(
                    requests - before.requests,
                    finals - before.finals,
                    replays - before.replays,
                    suppressed - before.suppressed,
                    redelivered - before.redelivered,
                    deadLetters - before.deadLetters,
                    pending - before.pending,
                    delivered - before.delivered,
                    outcomes - before.outcomes,
                    skipped - before.skipped,
                    unreadable - before.unreadable,
                    dropped - before.dropped);
        }

        double accountedFor() {
            return finals + replays + suppressed + redelivered + deadLetters + pending;
        }

        double carriedOut() {
            return outcomes + skipped + unreadable + dropped;
        }
    }

    @Test
    void healthTellsThatItLivesAndIsReady() {
        for (String probe : List.of("/health/live", "/health/ready")) {
            assertEquals(200, processor.get(probe).statusCode(), probe);
            assertTrue(processor.get(probe).body().contains("\"status\":\"up\""), probe);
        }
        assertEquals(404, processor.get("/health").statusCode());
    }

    @Test
    void readinessDoesNotDependOnCxone() {
        guestflow.cxone().fault(Endpoint.TOKEN, new Fault.Status(500));
        guestflow.cxone().fault(Endpoint.CREATE, new Fault.Status(500));
        guestflow.answerTo(GuestRequest.ofNewGuest().timeoutMs(500));

        assertEquals(200, processor.get("/health/ready").statusCode());
    }
}
