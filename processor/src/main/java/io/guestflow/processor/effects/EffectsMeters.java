package io.guestflow.processor.effects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;

/**
 * What effects count. For each topic of commands:
 *
 * <pre>delivered = outcomes + skipped + dead letters + dropped + in flight</pre>
 *
 * <p>Threading: any thread.
 */
final class EffectsMeters {
    private static final String TOPIC = "topic";

    private final MeterRegistry registry;

    EffectsMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Handed out by a poll; a command is counted again when it is delivered again. */
    void delivered(String topic) {
        counter("delivered", "Commands delivered, repeated deliveries included", topic)
                .increment();
    }

    /** An outcome that the broker has acknowledged; the kind is its type's name. */
    void outcome(String topic, String kind) {
        Counter.builder("guestflow.effects.outcomes")
                .description("Outcomes written, by kind")
                .tag(TOPIC, topic)
                .tag("kind", kind)
                .register(registry)
                .increment();
    }

    /** Delivered, and already answered. */
    void skipped(String topic) {
        counter("skipped", "Commands not carried out because their outcome was there already", topic)
                .increment();
    }

    /** Carried out although an earlier owner may have begun it: no call is repeated that is not counted here. */
    void redelivered(String topic) {
        counter(
                        "redelivered",
                        "Commands carried out that an earlier owner of the partition may have begun: an upper bound"
                                + " of the repeated ones, none after a stop in order",
                        topic)
                .increment();
    }

    /** Answered without a call. */
    void expired(String topic) {
        counter("expired", "Commands answered without a call because their deadline had passed", topic)
                .increment();
    }

    /** Delivered, and given up because the partition went away: delivered again to its next owner. */
    void dropped(String topic) {
        counter("dropped", "Commands given up with their partition or at the end of the process", topic)
                .increment();
    }

    /** Could not be read. */
    void deadLetter(String topic) {
        deadLetters(topic).increment();
    }

    private Counter deadLetters(String topic) {
        return counter("dead.letters", "Commands that could not be read", topic);
    }

    /** A handler threw. */
    void failure(String topic) {
        counter("failures", "Commands whose handler threw an exception", topic).increment();
    }

    /** The broker has new committed offsets. */
    void commit() {
        registry.counter("guestflow.effects.commits").increment();
    }

    /** What is there before the first command, for a topic that is read. */
    void begin(String topic, Supplier<Number> inFlight, Supplier<Number> window) {
        // Alerts look at how it grows: one that begins with 1 has not grown.
        deadLetters(topic);
        Gauge.builder("guestflow.effects.in.flight", inFlight)
                .description("Commands delivered and not complete")
                .tag(TOPIC, topic)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guestflow.effects.window", window)
                .description("Commands at or above the committed offset, of the partition that has most")
                .tag(TOPIC, topic)
                .strongReference(true)
                .register(registry);
    }

    private Counter counter(String name, String description, String topic) {
        return Counter.builder("guestflow.effects." + name)
                .description(description)
                .tag(TOPIC, topic)
                .register(registry);
    }
}
