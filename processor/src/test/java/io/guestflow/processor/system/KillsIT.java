package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processors that are killed in the middle of their work. */
@Tag("full")
@Timeout(400)
@ExtendWith(SharedBroker.class)
class KillsIT {
    private static final int REQUESTS = 2000;
    private static final int PER_SECOND = 200;
    private static final int KILLS = 3;

    /** Commands of one partition at or above its committed offset: what a kill can repeat of it. */
    private static final int WINDOW = 256;

    private static final int TIMEOUT_MS = 15_000;

    /**
     * The session times out after 6 s. A transaction that the kill left open hides what is behind it for 10 s more, and the
     * broker looks for such ones every 10 s. Then the tasks are restored, on a machine that may be busy.
     */
    private static final int TAKEOVER_MS = 6_000 + 10_000 + 10_000 + 20_000;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    KillsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), KillsIT.class);
        // So that there are calls under way whenever the kill comes.
        guestflow.cxone().latency(Duration.ofMillis(60));
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {20261122})
    void threeKillsUnderLoadLoseNothingAndAnswerNobodyTwice(long seed) {
        Random random = new Random(seed);
        Instance processor = guestflow.start("processor", Map.of());
        double redelivered = 0;
        int answered = 0;
        List<GuestRequest> sent;
        try (Load load = Load.start(
                guestflow, PER_SECOND, REQUESTS, () -> GuestRequest.ofNewGuest().timeoutMs(60_000))) {
            for (int kill = 1; kill <= KILLS; kill++) {
                // In the middle: much is behind it, and much is still to come.
                answered += REQUESTS / (KILLS + 1) - 100 + random.nextInt(200);
                guestflow.results().awaitAnswered(answered, Duration.ofSeconds(120));
                // What it repeated of the one before it, it repeated at its start, and it is long past that.
                redelivered += processor.metric("guestflow_effects_redelivered_total");
                processor.kill();
                Duration ready = processor.restart();
                System.out.printf("kill %d after %d results, ready in %d ms%n", kill, answered, ready.toMillis());
            }
            sent = load.awaitAll();
        }

        guestflow.results().awaitEach(sent, Duration.ofSeconds(120));
        guestflow.settle(Duration.ofSeconds(60));
        redelivered += processor.metric("guestflow_effects_redelivered_total");

        assertEquals(REQUESTS, sent.size());
        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        results.values().forEach(result -> assertInstanceOf(Authenticated.class, result.value()));
        FactsTellTheResults.once(guestflow, results);
        everyConversationIsTheOneThatWasMade(results);
        repeatedCallsAreBoundedAndCounted(sent, redelivered);
    }

    @Test
    void theOtherInstanceTakesOverFromOneThatIsKilledAndStaysAway() {
        Instance stays = guestflow.launch("stays", Map.of());
        Instance dies = guestflow.launch("dies", Map.of());
        stays.awaitReady();
        dies.awaitReady();
        List<GuestRequest> sent;
        try (Load load =
                Load.start(guestflow, 100, 1500, () -> GuestRequest.ofNewGuest().timeoutMs(TIMEOUT_MS))) {
            guestflow.results().awaitAnswered(300, Duration.ofSeconds(60));
            for (Instance instance : List.of(stays, dies)) {
                assertTrue(instance.metric("guestflow_auth_requests_total") > 0, "it decides on no request");
                assertTrue(instance.metric("guestflow_effects_outcomes_total") > 0, "it carries out no command");
            }
            dies.kill();
            sent = load.awaitAll();
        }

        guestflow.results().awaitEach(sent, Duration.ofSeconds(120));
        guestflow.settle(Duration.ofSeconds(60));

        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        FactsTellTheResults.once(guestflow, results);
        long late = 0;
        long longestMs = 0;
        for (Entry<GuestAuthResult> result : results.values()) {
            longestMs = Math.max(longestMs, result.value().latencyMs());
            if (result.value() instanceof NotAuthenticated failed) {
                late++;
                assertTrue(failed.retryable(), failed::toString);
            }
        }
        System.out.printf("taken over: longest answer %d ms, %d failed%n", longestMs, late);
        assertTrue(longestMs <= TAKEOVER_MS, "an answer after " + longestMs + " ms");
        assertInstanceOf(Authenticated.class, guestflow.answerTo(GuestRequest.ofNewGuest()));
    }

    private void everyConversationIsTheOneThatWasMade(Map<String, Entry<GuestAuthResult>> results) {
        results.values().forEach(entry -> {
            Authenticated result = (Authenticated) entry.value();
            assertEquals(1, guestflow.cxone().guest(result.guestId()).conversations(), "conversations of one guest");
            assertEquals(
                    result.guestId(),
                    guestflow.cxone().conversation(result.conversationId()).guestId());
        });
    }

    private void repeatedCallsAreBoundedAndCounted(List<GuestRequest> sent, double redelivered) {
        Map<String, Integer> calls = guestflow.cxone().callsByKey();
        List<String> requestRefs =
                guestflow
                        .commands()
                        .await(sent.size() + " commands", all -> all.size() >= sent.size(), Entries.SOON)
                        .stream()
                        .map(command -> command.value().requestRef())
                        .distinct()
                        .toList();
        assertEquals(sent.size(), requestRefs.size(), "requests that led to a command");
        int repeated = 0;
        for (String requestRef : requestRefs) {
            int creates = calls.getOrDefault(requestRef + ".create", 0);
            assertTrue(creates >= 1, "a request without a call");
            repeated += creates - 1;
        }
        System.out.printf("%d calls repeated, %.0f counted as perhaps repeated%n", repeated, redelivered);
        // 4 partitions x 256 for each kill; the counter is the sharper bound.
        assertTrue(repeated <= KILLS * PARTITIONS * WINDOW, repeated + " calls repeated");
        assertTrue(repeated <= redelivered, repeated + " calls repeated, " + redelivered + " counted");
        assertTrue(repeated > 0, "no kill met a call under way: the test shows nothing");
    }
}
