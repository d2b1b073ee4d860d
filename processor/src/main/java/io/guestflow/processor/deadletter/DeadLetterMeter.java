package io.guestflow.processor.deadletter;

import io.guestflow.contracts.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts dead letters by the topic that the record lay on. Every topic's counter is there from the start: alerts look at
 * how counters grow, and one that begins with 1 has not grown.
 *
 * <p>Threading: any thread.
 */
public final class DeadLetterMeter {
    private final MeterRegistry registry;

    /** Registers what is counted; it may be registered already. */
    public DeadLetterMeter(MeterRegistry registry) {
        this.registry = registry;
        Topics.ALL.forEach(topic -> counter(topic.name()));
    }

    /** One more of that topic, or store for a timer that was given up. */
    public void count(String topic) {
        counter(topic).increment();
    }

    private Counter counter(String topic) {
        return registry.counter("guestflow.dead.letters", "topic", topic);
    }
}
