package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ways to run it other than by default: at least once, rejecting context, its roles in processes of their own. */
@Tag("full")
@Timeout(180)
@ExtendWith(SharedBroker.class)
class ModesIT {
    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    ModesIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), ModesIT.class);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    /** At least once and rejecting go together here only because each start takes seconds. */
    @Test
    @Tag("full")
    void atLeastOnceAnswersEverybodyAlsoOverAKillAndNeverInTwoWays() {
        Instance processor = guestflow.start(
                "processor",
                Map.of("GUESTFLOW_PROCESSING_GUARANTEE", "at_least_once", "GUESTFLOW_CONTEXT_POLICY", "reject"));
        contextIsRejectedRatherThanDropped();
        guestflow.cxone().latency(Duration.ofMillis(50));
        List<GuestRequest> sent;
        try (Load load =
                Load.start(guestflow, 100, () -> GuestRequest.ofNewGuest().timeoutMs(60_000))) {
            guestflow.results().awaitAnswered(50, Entries.SOON);
            processor.kill();
            processor.restart();
            sent = load.stop();
        }

        guestflow.results().awaitEach(sent, Entries.SOON);
        guestflow.settle(Entries.SOON);

        for (GuestRequest request : sent) {
            List<Entry<GuestAuthResult>> answers = guestflow.results().of(request);
            assertEquals(
                    1, answers.stream().map(Entry::value).distinct().count(), () -> "different answers: " + answers);
            assertInstanceOf(Authenticated.class, answers.getFirst().value());
        }
    }

    private void contextIsRejectedRatherThanDropped() {
        GuestRequest request =
                GuestRequest.ofNewGuest().context("segment", "anonymous").context("device", "web\r\nX-Evil: 1");

        NotAuthenticated result = assertInstanceOf(NotAuthenticated.class, guestflow.answerTo(request));

        assertEquals(ErrorCode.CONTEXT_NOT_ALLOWED, result.error().code());
        assertEquals(AuthStatus.REJECTED, result.status());
        assertTrue(result.error().message().contains("device"), result.error()::message);
        assertEquals(0, guestflow.cxone().guest(request.guestId()).calls());
    }

    /** Each has a producer of its own, and commits what it has polled itself. */
    @Test
    @Tag("full")
    void severalStreamThreadsShareTheTasks() {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_STREAM_THREADS", "3"));

        List<GuestRequest> sent = Load.run(
                guestflow,
                100,
                Duration.ofSeconds(3),
                () -> GuestRequest.ofNewGuest().timeoutMs(60_000));

        guestflow.results().awaitEach(sent, Entries.SOON);
        guestflow.settle(Entries.SOON);
        guestflow
                .results()
                .exactlyOneEach(sent)
                .values()
                .forEach(result -> assertInstanceOf(Authenticated.class, result.value()));
        // Nobody waits for the third application before the processor is ready.
        await("three threads of each application")
                .atMost(Entries.SOON)
                .until(() -> processor.metric("kafka_stream_alive_stream_threads") == 3 * 3);
    }

    @Test
    void rolesInProcessesOfTheirOwnMeetOnTopicsOnly() {
        Map<String, String> withoutCxone = guestflow.settings("streams");
        withoutCxone.keySet().removeIf(setting -> setting.startsWith("CXONE_"));
        withoutCxone.put("GUESTFLOW_ROLES", "streams,edge");
        Instance streams = guestflow.launchWithOnly("streams", withoutCxone);
        streams.awaitReady();
        GuestRequest tooSoon = GuestRequest.ofNewGuest().timeoutMs(500);
        NotAuthenticated late = assertInstanceOf(NotAuthenticated.class, guestflow.answerTo(tooSoon));
        assertEquals(ErrorCode.DEADLINE_EXCEEDED, late.error().code());

        guestflow.start("effects", Map.of("GUESTFLOW_ROLES", "effects"));

        assertInstanceOf(Authenticated.class, guestflow.answerTo(GuestRequest.ofNewGuest()));
        assertEquals(
                0, guestflow.cxone().guest(tooSoon.guestId()).calls(), "a command past its deadline led to a call");
        assertEquals(2, streams.metric("guestflow_auth_finals_total"));
    }
}
