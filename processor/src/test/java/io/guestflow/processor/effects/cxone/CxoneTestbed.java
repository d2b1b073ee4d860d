package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.sandbox.cxone.CxoneSimulator;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.node.JsonNodeFactory;

/** A simulator and clients of it, with short times and a breaker that stays shut unless the test wants it. */
final class CxoneTestbed implements AutoCloseable {

    static final Breaker.Settings NEVER_OPENS = new Breaker.Settings(10, 1_000_000, 100, Duration.ofSeconds(5), 4);

    final CxoneSimulator simulator = CxoneSimulator.start();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<Instant> learned = new CopyOnWriteArrayList<>();
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CxoneClient> clients = new CopyOnWriteArrayList<>();
    private InstantSource clock = InstantSource.system();
    private Duration callTimeout = Duration.ofSeconds(2);
    private Function<Circuit, Breaker.Settings> breaking = circuit -> NEVER_OPENS;
    private double callsPerSecond;

    CxoneTestbed clock(InstantSource source) {
        clock = source;
        return this;
    }

    CxoneTestbed callTimeout(Duration timeout) {
        callTimeout = timeout;
        return this;
    }

    CxoneTestbed breaking(Breaker.Settings settings) {
        breaking = circuit -> settings;
        return this;
    }

    CxoneTestbed breakingAsInProduction() {
        breaking = Breaker.Settings::of;
        return this;
    }

    CxoneTestbed callsPerSecond(double limit) {
        callsPerSecond = limit;
        return this;
    }

    HttpSettings settings() {
        return new HttpSettings(
                simulator.baseUrl(),
                "client",
                "top-secret",
                List.of("chat", "context"),
                callTimeout,
                callTimeout,
                HttpClient.Version.HTTP_1_1,
                List.of("queue-1"),
                Profile.TUTORIAL);
    }

    CxoneClient client() {
        return client(settings());
    }

    CxoneClient client(HttpSettings settings) {
        CxoneClient client =
                CxoneClient.start(settings, callsPerSecond, clock, meters, learned::add, breaking, () -> 0.5);
        clients.add(client);
        return client;
    }

    CallContext within(Duration time) {
        return new CallContext(clock.instant().plus(time), null, null);
    }

    static CreateConversation guest(String id) {
        return new CreateConversation("web-1", id, Instant.parse("2026-11-22T07:00:00Z"), "v2.1", id + ".create");
    }

    static InjectContext context(String conversationId) {
        return new InjectContext(
                conversationId,
                Map.of("segment", JsonNodeFactory.instance.stringNode("vip")),
                new ContextHeaders("segment=vip", "{\"segment\":\"vip\"}"),
                conversationId + ".context");
    }

    /** HTTP calls that the client's own meter counted. */
    long metered(String endpoint, String outcome) {
        Timer timer = meters.find("guestflow.cxone.calls")
                .tags("endpoint", endpoint, "outcome", outcome)
                .timer();
        return timer == null ? -1 : timer.count();
    }

    @Override
    public void close() {
        clients.forEach(CxoneClient::close);
        threads.shutdownNow();
        simulator.close();
    }
}
