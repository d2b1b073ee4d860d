package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a broker: {@link ThrottleTopicIT}. */
@Timeout(30)
class ThrottleTopicTest {
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void aBrokerThatIsAwayHoldsTheFirstCommandBackButNotForEver() throws InterruptedException {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        Queue<String> fatal = new ConcurrentLinkedQueue<>();
        // Nothing listens on port 1.
        ThrottleTopic topic = new ThrottleTopic(
                EffectsMember.clients("localhost:1", EffectsSettings.defaults("guestflow-effects", "a")),
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                ThrottleTopic.PATIENCE,
                until -> {},
                (line, cause) -> fatal.add(line),
                now::get);
        assertFalse(topic.letsBegin(), "not started");
        topic.start();
        try {
            now.set(NOW.plus(ThrottleTopic.PATIENCE).minusMillis(1));
            assertFalse(topic.letsBegin());

            now.set(NOW.plus(ThrottleTopic.PATIENCE));

            assertTrue(topic.letsBegin());
            assertFalse(topic.isCaughtUp());
        } finally {
            topic.close();
        }
        assertEquals(0, fatal.size(), fatal::toString);
    }
}
