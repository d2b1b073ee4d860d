package io.guestflow.processor.effects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.cxone.TenantPause;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(SharedBroker.class)
class ThrottleTopicIT {
    private static final String TOPIC = Topics.CXONE_THROTTLE.name();
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
    private static final Duration LONGEST = Duration.ofSeconds(180);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final KafkaSandbox kafka;
    private final List<AutoCloseable> open = new ArrayList<>();

    ThrottleTopicIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void topic() {
        kafka.deleteAllTopicsAndGroups();
        kafka.createTopics(List.of(new NewTopic(TOPIC, 1, (short) -1).configs(Map.of("cleanup.policy", "compact"))));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void everyInstanceLearnsOfAPauseThatOneWasAskedFor() throws InterruptedException {
        Queue<Instant> toldA = new ConcurrentLinkedQueue<>();
        Queue<Instant> toldB = new ConcurrentLinkedQueue<>();
        ThrottleTopic a = follow("a", toldA);
        follow("b", toldB);

        List<Duration> took = new ArrayList<>();
        for (int seconds = 7; seconds < 10; seconds++) {
            Instant until = NOW.plusSeconds(seconds);
            long published = System.nanoTime();
            a.publish(until);
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> toldB.contains(until));
            took.add(Duration.ofNanos(System.nanoTime() - published));
            await().atMost(SOON).until(() -> toldA.contains(until));
        }

        assertEquals(NOW.plusSeconds(7), toldB.peek());
        // The first one waits for what a new producer has to ask.
        assertTrue(
                took.stream().skip(1).anyMatch(each -> each.toMillis() < 500),
                () -> "told without waiting for a poll to end, took " + took);
    }

    @Test
    void anInstanceThatStartsLaterLearnsOfAPauseThatStillHoldsBeforeItIsCaughtUp() throws InterruptedException {
        publish(new TenantPause(NOW.minusSeconds(1), "gone"));
        publish(new TenantPause(NOW.plusSeconds(30), "gone"));
        kafka.produce(new ProducerRecord<>(TOPIC, 0, "tenant".getBytes(UTF_8), "{".getBytes(UTF_8)));
        Queue<Instant> told = new ConcurrentLinkedQueue<>();

        ThrottleTopic late = follow("late", told);

        assertTrue(late.isCaughtUp());
        assertEquals(List.of(NOW.plusSeconds(30)), List.copyOf(told));
    }

    @Test
    void isCaughtUpAtOnceOnAnEmptyTopic() throws InterruptedException {
        assertTrue(follow("a", new ConcurrentLinkedQueue<>()).isCaughtUp());
    }

    @Test
    void aPauseBeyondReasonIsCutShort() throws InterruptedException {
        Queue<Instant> told = new ConcurrentLinkedQueue<>();
        follow("a", told);

        publish(new TenantPause(NOW.plusSeconds(86_400), "its clock is wrong"));

        await().atMost(SOON).until(() -> !told.isEmpty());
        assertEquals(NOW.plus(LONGEST), told.peek());
    }

    @Test
    void callsRefusedTogetherTellOfOnePauseAndNotOfOneEach() throws InterruptedException {
        Queue<Instant> told = new ConcurrentLinkedQueue<>();
        ThrottleTopic a = follow("a", told);

        IntStream.range(1, 100).forEach(i -> a.publish(NOW.plusSeconds(5).plusMillis(i)));
        a.publish(NOW.plusSeconds(3));
        a.publish(NOW.plusSeconds(6));

        await().atMost(SOON).until(() -> told.contains(NOW.plusSeconds(6)));
        assertEquals(
                List.of(NOW.plusSeconds(5).plusMillis(100), NOW.plusSeconds(6)),
                List.copyOf(told),
                "none earlier than what CXone said");
    }

    @Test
    void followsNoMoreOnceClosed() throws Exception {
        Queue<Instant> told = new ConcurrentLinkedQueue<>();
        ThrottleTopic a = follow("a", told);
        a.close();

        publish(new TenantPause(NOW.plusSeconds(30), "b"));
        Queue<Instant> toldB = new ConcurrentLinkedQueue<>();
        follow("b", toldB);

        assertFalse(toldB.isEmpty());
        assertTrue(told.isEmpty());
    }

    private ThrottleTopic follow(String instanceId, Queue<Instant> told) throws InterruptedException {
        EffectsClients clients =
                EffectsMember.clients(kafka.bootstrap(), EffectsSettings.defaults("guestflow-effects", instanceId));
        Producer<byte[], byte[]> producer = clients.producer();
        open.add(producer);
        ThrottleTopic topic = new ThrottleTopic(
                clients,
                producer,
                LONGEST,
                told::add,
                (line, cause) -> {
                    throw new AssertionError(line, cause);
                },
                () -> NOW);
        open.add(topic::close);
        topic.start();
        assertTrue(topic.awaitCaughtUp(SOON));
        return topic;
    }

    private void publish(TenantPause pause) {
        kafka.produce(new ProducerRecord<>(TOPIC, 0, "tenant".getBytes(UTF_8), TenantPause.CODEC.write(pause)));
    }
}
