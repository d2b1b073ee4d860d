package io.guestflow.processor.sandbox.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.load.LoadClient.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The requests' topic is the results' topic too: what is sent is its own answer. */
@Tag("full")
@ExtendWith(SharedBroker.class)
@Timeout(120)
class LoadClientIT {
    private static final long MS = 1_000_000;

    private final String topic = "echo-" + UUID.randomUUID();
    private KafkaSandbox kafka;

    @BeforeEach
    void createTopic(KafkaSandbox broker) {
        kafka = broker;
        kafka.createTopics(3, topic);
    }

    @Test
    void everyRequestIsMatchedWithItsAnswerAndNothingFromBeforeCounts() throws Exception {
        kafka.produce(topic, "k", "was there before");
        try (LoadClient load = LoadClient.connect(kafka.bootstrap(), new Echo(topic, index -> {}))) {
            LoadReport first = load.run(Plan.of(Arrivals.constant(300, Duration.ofSeconds(1)), Duration.ZERO));
            LoadReport second =
                    load.run(Plan.of(Arrivals.constant(300, Duration.ofSeconds(1)), Duration.ofMillis(500)));

            assertTrue(first.counts().clean(), first::toString);
            assertEquals(300, first.latencies().getTotalCount());
            assertTrue(second.counts().clean(), second::toString);
            assertEquals(150, second.latencies().getTotalCount(), "half of it was warm-up");
            assertTrue(second.allWithin(Duration.ofSeconds(20)));
        }
    }

    @Test
    void aStallShowsInEveryRequestThatWasDueInIt() throws Exception {
        IntConsumer stallOnce = index -> {
            if (index == 100) {
                await(Duration.ofSeconds(1));
            }
        };
        try (LoadClient load = LoadClient.connect(kafka.bootstrap(), new Echo(topic, stallOnce))) {
            LoadReport report = load.run(Plan.of(Arrivals.constant(200, Duration.ofSeconds(2)), Duration.ZERO));

            assertTrue(report.counts().clean(), report::toString);
            Histogram latencies = report.latencies();
            // 200 requests were due in the stall's second: half of them more than half a second before its end.
            long late = latencies.getCountBetweenValues(500 * MS, latencies.getMaxValue());
            assertTrue(late >= 95, () -> late + " of 100 requests show the stall");
            assertTrue(report.sendLateness().getMaxValue() >= 900 * MS, "the sender was late, and says so");
        }
    }

    @Test
    void aStrangersRecordIsUnexpected() throws Exception {
        IntConsumer stranger = index -> {
            if (index == 10) {
                kafka.produce(topic, "k", "nobody asked");
            }
        };
        try (LoadClient load = LoadClient.connect(kafka.bootstrap(), new Echo(topic, stranger))) {
            LoadReport report = load.run(Plan.of(Arrivals.constant(100, Duration.ofMillis(500)), Duration.ZERO));

            assertEquals(1, report.counts().unexpected());
            assertEquals(0, report.counts().missing());
            assertFalse(report.counts().clean());
        }
    }

    @Test
    void aRunIsBrokenOffWhenARequestWaitsTooLong() throws Exception {
        // Nothing answers: requests go to another topic.
        String nowhere = topic + "-unread";
        kafka.createTopics(1, nowhere);
        var plan = new Plan(
                Arrivals.constant(100, Duration.ofMinutes(1)),
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofMillis(300));
        try (LoadClient load = LoadClient.connect(kafka.bootstrap(), new Echo(topic, index -> {}) {
            @Override
            public ProducerRecord<byte[], byte[]> request(String requestId) {
                return new ProducerRecord<>(nowhere, bytes(requestId));
            }
        })) {
            LoadReport report = load.run(plan);

            assertTrue(report.counts().sent() < 1_000, report::toString);
            assertEquals(report.counts().sent(), report.counts().missing());
            assertFalse(report.allWithin(Duration.ofSeconds(2)));
        }
    }

    @Test
    void aTopicThatIsNotThereIsAnError() {
        Workload nowhere = new Echo("not-" + topic, index -> {});

        var failure = assertThrows(
                IllegalStateException.class,
                () -> LoadClient.connect(kafka.bootstrap(), nowhere).close());

        assertNotNull(failure.getMessage());
    }

    private static void await(Duration time) {
        try {
            assertFalse(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Requests that come back as they are. */
    private static class Echo implements Workload {
        private static final String ASKED = "asked ";

        private final String topic;
        private final IntConsumer before;

        Echo(String topic, IntConsumer before) {
            this.topic = topic;
            this.before = before;
        }

        @Override
        public String resultTopic() {
            return topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> request(String requestId) {
            before.accept(Integer.parseInt(requestId.substring(requestId.lastIndexOf('-') + 1)));
            return new ProducerRecord<>(topic, bytes(requestId), bytes(ASKED + requestId));
        }

        @Override
        public @Nullable Answer answer(ConsumerRecord<byte[], byte[]> record) {
            String value = new String(record.value(), StandardCharsets.UTF_8);
            return value.startsWith(ASKED) ? new Answer(value.substring(ASKED.length()), false, "ECHO", true) : null;
        }
    }
}
