package io.guestflow.processor.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.AuthCounts;
import io.guestflow.contracts.analytics.DurationS;
import io.guestflow.contracts.analytics.LatencyMs;
import io.guestflow.contracts.analytics.MessageCounts;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.analytics.SessionCounts;
import io.guestflow.processor.runtime.ExitCode;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
@Timeout(120)
class MetricsMainIT {
    private static final String TOPIC = Topics.GUEST_METRICS.name();
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");

    private final KafkaSandbox kafka;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A client of its own: a producer that knows a topic of before, which was deleted and made anew, can stay behind. */
    MetricsMainIT(KafkaSandbox shared) {
        this.kafka = new KafkaSandbox(shared.bootstrap());
    }

    @AfterEach
    void closeClients() {
        kafka.close();
    }

    @BeforeEach
    void metrics() {
        kafka.deleteAllTopicsAndGroups();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.put("GUESTFLOW_BROKER_WAIT", "10s");
    }

    @Test
    void theLastRevisionOfEachWindowIsShown() throws Exception {
        kafka.createTopics(3, TOPIC);
        publish(window("1m", "web", 1, 10));
        publish(window("1m", "web", 2, 11));
        publish(window("1m", "app", 1, 5));
        publish(window("1h", "web", 1, 300));

        assertEquals(ExitCode.OK, run("--size", "1m"));

        assertEquals(3, said().lines().count(), said());
        assertTrue(said().startsWith("window (UTC)"), said());
        assertTrue(said().lines().anyMatch(line -> line.matches(".* web +2 +11 .*")), said());
        assertFalse(said().contains(" 300 "), said());
        assertEquals(ExitCode.OK, run());
        assertTrue(said().contains(" 300 "), said());
    }

    @Test
    void whatComesIsFollowed() throws Exception {
        kafka.createTopics(1, TOPIC);
        publish(window("1m", "web", 1, 10));
        AtomicBoolean published = new AtomicBoolean();

        assertEquals(
                ExitCode.OK,
                run(
                        () -> {
                            if (!published.getAndSet(true)) {
                                publish(window("1m", "web", 2, 12));
                            }
                            return said().lines().count() < 3;
                        },
                        "--follow"));

        assertTrue(said().lines().toList().getLast().matches(".* web +2 +12 .*"), said());
    }

    @Test
    void aTopicWithoutSuchWindowsIsNotFound() throws Exception {
        assertEquals(ExitCode.NOT_FOUND, run());
        assertTrue(complained().contains("there is no topic guest-metrics"), complained());
        kafka.createTopics(1, TOPIC);
        assertEquals(ExitCode.NOT_FOUND, run());
        publish(window("1m", "web", 1, 10));
        assertEquals(ExitCode.NOT_FOUND, run("--size", "5m"));
        assertTrue(complained().contains("no such window"), complained());
    }

    @Test
    void aRecordThatCannotBeReadIsAFailureAndItsContentIsNotTold() throws Exception {
        kafka.createTopics(1, TOPIC);
        kafka.produce(TOPIC, "k", "{\"windowSize\":\"never-told-because-too-long\"}");

        assertEquals(ExitCode.FAILED, run());
        assertTrue(complained().contains("guest-metrics/0/0"), complained());
        assertFalse(complained().contains("never-told"), complained());
    }

    @Test
    void whatIsWrongWithTheArgumentsOrSettingsIsAUsageError() throws Exception {
        assertEquals(ExitCode.USAGE, run("--since", "soon"));
        assertEquals(ExitCode.USAGE, run("--since"));
        assertEquals(ExitCode.USAGE, run("--nonsense"));
        assertEquals(ExitCode.USAGE, run("--print-config"));
        environment.clear();
        assertEquals(ExitCode.USAGE, run());
        assertTrue(complained().contains("KAFKA_BOOTSTRAP_SERVERS"), complained());
    }

    private ExitCode run(String... args) throws InterruptedException {
        return run(() -> false, args);
    }

    private ExitCode run(BooleanSupplier goOn, String... args) throws InterruptedException {
        out.reset();
        err.reset();
        return MetricsMain.run(
                args, environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), goOn);
    }

    private String said() {
        return out.toString(UTF_8);
    }

    private String complained() {
        return err.toString(UTF_8);
    }

    private void publish(MetricsWindow window) {
        kafka.produce(new ProducerRecord<>(TOPIC, window.key().getBytes(UTF_8), MetricsWindow.CODEC.write(window)));
    }

    private static MetricsWindow window(String size, String channel, int revision, long attempts) {
        return new MetricsWindow(
                size,
                SEVEN,
                SEVEN.plusSeconds(60),
                channel,
                "*",
                "*",
                revision,
                new AuthCounts(attempts, attempts, 0, 0, Map.of()),
                new LatencyMs(8, 90L, 131.2, 128L, 170L, 201L, 203L),
                new SessionCounts(8, 2, 1, 4),
                new MessageCounts(31, 28),
                new DurationS(4, 212L, 400L, 431L));
    }
}
