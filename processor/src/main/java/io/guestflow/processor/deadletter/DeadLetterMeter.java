package io.guestflow.processor.deadletter;

import io.guestflow.contracts.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts dead letters by the topic that the record lay on. Every topic's counter is there from the start, and that of a
 * store once it is expected: alerts look at how counters grow, and one that begins with 1 has not grown.
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

    /** There may be some of that store's changelog. */
    public void expect(String changelog) {
        counter(changelog);
    }

    /** One more of that topic, or of a store's changelog for what was given up. */
    public void count(String topic) {
        counter(topic).increment();
    }

    private Counter counter(String topic) {
        return registry.counter("guestflow.dead.letters", "topic", topic);
    }
}
