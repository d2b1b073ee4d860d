package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Call;
import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.cxone.Fault;
import io.guestflow.processor.sandbox.cxone.Pause;
import io.guestflow.processor.sandbox.cxone.RetryAfter;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What CXone does to all guests at once, under load: tokens that end, a pause for the whole tenant, an outage. */
@Tag("full")
@Tag("alone")
@Timeout(300)
@ExtendWith(SharedBroker.class)
class TenantIT {
    private static final int PER_SECOND = 100;

    /**
     * Where there are two processors. Two that have just started manage 30 to 50 a second on two cores, with the broker
     * and CXone beside them and all of the CPU taken by their compilers: at 100, guests are late before anything happens.
     */
    private static final int PER_SECOND_OF_TWO = 50;

    private static final int TIMEOUT_MS = 15_000;

    /** For what was on its way when the pause was announced; the announcement's own way comes on top. */
    private static final Duration ON_THE_WAY = Duration.ofMillis(500);

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    TenantIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), TenantIT.class);
        // So that there are always calls under way.
        guestflow.cxone().latency(Duration.ofMillis(60));
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void tokensThatExpireUnderLoadAreReplacedByOneCallEachAndNoGuestSeesIt() {
        CxoneSimulator cxone = guestflow.cxone().tokenLifetime(Duration.ofSeconds(4));
        guestflow.start("processor", Map.of());

        long began = System.nanoTime();
        List<GuestRequest> sent = Load.run(guestflow, PER_SECOND, Duration.ofSeconds(15), TenantIT::request);
        guestflow.results().awaitEach(sent, Duration.ofSeconds(60));
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        everyoneIsAuthenticated(sent);
        // A token that lives for 4 s is replaced when it is 2 s old.
        long most = took.toSeconds() / 2 + 2;
        long calls = cxone.calls(Endpoint.TOKEN);
        System.out.printf("%d token calls in %d s for %d guests%n", calls, took.toSeconds(), sent.size());
        assertTrue(calls >= 4 && calls <= most, () -> calls + " token calls in " + took);
        assertEquals(0, cxone.calls(Endpoint.CREATE, 401), "an expired token was used");
        assertEquals(0, cxone.calls(Endpoint.CONTEXT, 401), "an expired token was used");
    }

    @Test
    void aTokenThatIsRevokedUnderLoadIsReplacedByOneCallForAll() {
        CxoneSimulator cxone = guestflow.cxone();
        guestflow.start("processor", Map.of());
        List<GuestRequest> sent;
        long calls;
        try (Load load = Load.start(guestflow, PER_SECOND, 800, TenantIT::request)) {
            guestflow.results().awaitAnswered(300, Duration.ofSeconds(60));
            calls = cxone.calls(Endpoint.TOKEN);
            cxone.revokeTokens();
            sent = load.awaitAll();
        }
        guestflow.results().awaitEach(sent, Duration.ofSeconds(60));

        everyoneIsAuthenticated(sent);
        assertTrue(
                cxone.calls(Endpoint.CREATE, 401) + cxone.calls(Endpoint.CONTEXT, 401) > 1,
                "nobody was under way when the token was revoked");
        assertEquals(calls + 1, cxone.calls(Endpoint.TOKEN), "token calls");
    }

    static Stream<RetryAfter> retryAfters() {
        return Stream.of(new RetryAfter.Seconds(4), new RetryAfter.Date(4));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("retryAfters")
    void aPauseHoldsForAllInstancesUntilItEnds(RetryAfter retryAfter) {
        CxoneSimulator cxone = guestflow.cxone();
        List<Instance> instances = List.of(guestflow.launch("one", Map.of()), guestflow.launch("another", Map.of()));
        instances.forEach(Instance::awaitReady);
        List<GuestRequest> sent;
        Instant learnt;
        try (Load load = Load.start(guestflow, PER_SECOND_OF_TWO, 1000, TenantIT::request)) {
            guestflow.results().awaitAnswered(300, Duration.ofSeconds(60));
            instances.forEach(instance ->
                    assertTrue(instance.metric("guestflow_effects_outcomes_total") > 0, "it carries out no command"));
            cxone.fault(Endpoint.CREATE, new Fault.Status(429, retryAfter), 1);
            await().atMost(Entries.SOON).until(() -> !cxone.pauses().isEmpty());
            instances.forEach(instance -> await().atMost(Duration.ofSeconds(2))
                    .until(() -> instance.metric("guestflow_cxone_pause_seconds") > 0));
            learnt = Instant.now();
            sent = load.awaitAll();
        }
        guestflow.results().awaitEach(sent, Duration.ofSeconds(60));

        everyoneIsAuthenticated(sent);
        assertEquals(1, cxone.pauses().size(), () -> cxone.pauses().toString());
        Pause pause = cxone.pauses().getFirst();
        assertTrue(learnt.isBefore(pause.endsAt().minusSeconds(1)), "all knew of the pause when it was nearly over");
        List<Duration> tooEarly = pause.arrivals().stream()
                .filter(after -> after.compareTo(ON_THE_WAY) > 0)
                .filter(after -> pause.announcedAt().plus(after).isAfter(learnt))
                .toList();
        assertEquals(List.of(), tooEarly, "calls after all knew of the pause, and before its end");
        assertTrue(
                cxone.callLog().stream().anyMatch(call -> !call.arrivedAt().isBefore(pause.endsAt())),
                "nobody came after the pause");
    }

    static Stream<Arguments> outages() {
        return Stream.of(
                Arguments.of("503 to everything", does(TenantIT::unavailable), does(GuestflowSandbox::cxoneHeals)),
                Arguments.of("no answer at all", does(TenantIT::hanging), does(GuestflowSandbox::cxoneHeals)),
                Arguments.of(
                        "nobody listens", does(GuestflowSandbox::closeCxone), does(GuestflowSandbox::restartCxone)));
    }

    /** 30 s of it: callers are told quickly to come back, nothing is called for them later, and then all is well. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void anOutageIsToldQuicklyAndLeavesNothingBehind(
            String what, Consumer<GuestflowSandbox> begin, Consumer<GuestflowSandbox> end) {
        Instance processor =
                guestflow.start("processor", Map.of("CXONE_CALL_TIMEOUT", "1s", "CXONE_CONNECT_TIMEOUT", "500ms"));
        List<GuestRequest> told;
        List<GuestRequest> all;
        Instant ending;
        Instant over;
        try (Load load = Load.start(guestflow, PER_SECOND, TenantIT::request)) {
            guestflow.results().awaitAnswered(300, Duration.ofSeconds(60));
            begin.accept(guestflow);
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> processor.metric("guestflow_cxone_breaker_state", "endpoint=\"create\"") == 2);
            int open = load.sent().size();
            awaitMore(load, Duration.ofSeconds(30));
            List<GuestRequest> asked = requests(load);
            told = asked.subList(open, asked.size());
            ending = Instant.now();
            end.accept(guestflow);
            over = Instant.now();
            // The breaker tries again after 5 s, and closes when its trials went well.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> processor.metric("guestflow_cxone_breaker_state", "endpoint=\"create\"") == 0);
            int closed = load.sent().size();
            awaitMore(load, Duration.ofSeconds(3));
            all = load.stop();
            guestflow.results().awaitEach(all, Duration.ofSeconds(60));
            everyoneIsAuthenticated(all.subList(closed, all.size()));
        }
        guestflow.settle(Duration.ofSeconds(60));

        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(all);
        FactsTellTheResults.once(guestflow, results);
        callersWereToldQuickly(told, ending, results);
        nothingIsCalledForWhoWasAnswered(results, over);
    }

    static Stream<Arguments> contextFailures() {
        return Stream.of(Arguments.of("500", new Fault.Status(500)), Arguments.of("no answer", new Fault.Hang(false)));
    }

    /** Guests do not wait for their context: a context endpoint that fails takes no place from those who ask. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("contextFailures")
    void guestsAreAuthenticatedInTimeWhileOnlyContextFailsAndGetItWhenThatIsOver(String what, Fault fault) {
        // Longer than the failure lasts, however slow the machine is.
        guestflow.start("processor", Map.of("GUESTFLOW_CONTEXT_RETRY_FOR", "3m"));
        guestflow.cxone().fault(Endpoint.CONTEXT, fault);
        // Their timeout is less than an injection is tried for: who had to wait for one would be late.
        List<GuestRequest> sent = Load.run(guestflow, PER_SECOND, Duration.ofSeconds(20), TenantIT::request);
        guestflow.results().awaitEach(sent, Duration.ofSeconds(60));
        everyoneIsAuthenticated(sent);
        System.out.printf(
                "longest answer without context %d ms%n",
                guestflow.results().exactlyOneEach(sent).values().stream()
                        .mapToLong(result -> result.value().latencyMs())
                        .max()
                        .orElseThrow());
        guestflow
                .results()
                .exactlyOneEach(sent)
                .values()
                .forEach(result -> assertFalse(
                        ((Authenticated) result.value()).contextInjected(),
                        "context was injected by a call that fails"));

        guestflow.cxoneHeals();

        List<Entry<Fact>> told = guestflow
                .facts()
                .await("the context of everybody", all -> ends(all) == sent.size(), Duration.ofSeconds(120));
        long injected = told.stream()
                .filter(entry -> entry.value() instanceof Fact.ContextInjected)
                .count();
        assertEquals(sent.size(), injected);
    }

    private static long ends(List<Entry<Fact>> facts) {
        return facts.stream()
                .map(Entry::value)
                .filter(fact -> fact instanceof Fact.ContextInjected || fact instanceof Fact.ContextFailed)
                .count();
    }

    /**
     * While the breaker is open; a few are its trials, which take as long as CXone lets them. One that was under way
     * when the outage ended may have gone well.
     */
    private static void callersWereToldQuickly(
            List<GuestRequest> told, Instant ending, Map<String, Entry<GuestAuthResult>> results) {
        List<NotAuthenticated> failures = new ArrayList<>();
        for (GuestRequest request : told) {
            Entry<GuestAuthResult> result = results.get(request.requestId());
            if (result.value() instanceof NotAuthenticated failure) {
                failures.add(failure);
            } else {
                assertTrue(result.record().timestamp() >= ending.toEpochMilli(), "CXone answered in its outage");
            }
        }
        int outlived = told.size() - failures.size();
        assertTrue(outlived <= told.size() / 100, () -> outlived + " of " + told.size() + " were answered behind it");
        failures.forEach(failure -> assertTrue(failure.retryable(), failure::toString));
        long unavailable = failures.stream()
                .filter(failure -> failure.error().code() == ErrorCode.UPSTREAM_UNAVAILABLE)
                .count();
        List<Long> latencies =
                failures.stream().map(NotAuthenticated::latencyMs).sorted().toList();
        long p50 = latencies.get(latencies.size() / 2);
        long p90 = latencies.get(latencies.size() * 9 / 10);
        System.out.printf(
                "%d failed, %d of them UPSTREAM_UNAVAILABLE, %d outlived it; p50 %d ms, p90 %d ms, longest %d ms%n",
                failures.size(), unavailable, outlived, p50, p90, latencies.getLast());
        assertTrue(unavailable >= failures.size() * 9L / 10, () -> unavailable + " of " + failures.size());
        assertTrue(p50 < 500, () -> "p50 " + p50 + " ms");
        assertTrue(p90 < 2000, () -> "p90 " + p90 + " ms");
    }

    private void nothingIsCalledForWhoWasAnswered(Map<String, Entry<GuestAuthResult>> results, Instant over) {
        Map<String, Instant> answeredAt = new HashMap<>();
        for (Entry<AuthCommand> command : guestflow.commands().all()) {
            Entry<GuestAuthResult> result = results.get(command.value().requestId());
            if (result != null) {
                answeredAt.put(
                        command.value().requestRef() + ".create",
                        Instant.ofEpochMilli(result.record().timestamp()));
            }
        }
        List<Call> stale = guestflow.cxone().callLog().stream()
                .filter(call -> call.idempotencyKey() != null
                        && call.arrivedAt().isAfter(over)
                        && call.arrivedAt().isAfter(answeredAt.getOrDefault(call.idempotencyKey(), Instant.MAX)))
                .toList();
        assertEquals(List.of(), stale, "calls for guests that had their answer");
    }

    private void everyoneIsAuthenticated(List<GuestRequest> sent) {
        Map<String, Entry<GuestAuthResult>> results = guestflow.results().exactlyOneEach(sent);
        List<String> failed = results.values().stream()
                .map(Entry::value)
                .filter(result -> !(result instanceof Authenticated))
                .map(result -> result.latencyMs() + " ms: " + result)
                .toList();
        assertEquals(List.of(), failed.stream().limit(5).toList(), failed.size() + " of " + sent.size() + " failed");
    }

    private static GuestRequest request() {
        return GuestRequest.ofNewGuest().context("segment", "anonymous").timeoutMs(TIMEOUT_MS);
    }

    private static void unavailable(GuestflowSandbox guestflow) {
        everywhere(guestflow, new Fault.Status(503));
    }

    private static void hanging(GuestflowSandbox guestflow) {
        everywhere(guestflow, new Fault.Hang(false));
    }

    private static void everywhere(GuestflowSandbox guestflow, Fault fault) {
        for (Endpoint endpoint : List.of(Endpoint.TOKEN, Endpoint.CREATE, Endpoint.CONTEXT)) {
            guestflow.cxone().fault(endpoint, fault);
        }
    }

    /** So that a method reference has a type. */
    private static Consumer<GuestflowSandbox> does(Consumer<GuestflowSandbox> what) {
        return what;
    }

    private static List<GuestRequest> requests(Load load) {
        return load.sent().stream().map(Load.Sent::request).toList();
    }

    /** As many requests as are sent in that time: the load is the clock. */
    private static void awaitMore(Load load, Duration time) {
        int until = load.sent().size() + Math.toIntExact(PER_SECOND * time.toMillis() / 1000);
        await().atMost(time.multipliedBy(5)).until(() -> load.sent().size() >= until);
    }
}
