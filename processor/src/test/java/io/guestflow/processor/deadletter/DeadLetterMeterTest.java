package io.guestflow.processor.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeadLetterMeterTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** Prometheus sees no increase in the first count of a counter that did not exist before. */
    @Test
    void everyTopicIsThereBeforeItsFirstDeadLetter() {
        DeadLetterMeter meter = new DeadLetterMeter(registry);
        Set<String> topics = Topics.ALL.stream().map(topic -> topic.name()).collect(Collectors.toSet());
        assertEquals(topics, counted());
        meter.expect("some-changelog");
        topics.add("some-changelog");
        assertEquals(topics, counted());
        meter.count("guest-facts");
        meter.count("some-changelog");
        assertEquals(
                1,
                registry.get("guestflow.dead.letters")
                        .tag("topic", "guest-facts")
                        .counter()
                        .count());
        assertEquals(topics, counted());
    }

    private Set<String> counted() {
        Set<String> topics = new HashSet<>();
        registry.get("guestflow.dead.letters")
                .counters()
                .forEach(counter -> topics.add(counter.getId().getTag("topic")));
        return topics;
    }
}
