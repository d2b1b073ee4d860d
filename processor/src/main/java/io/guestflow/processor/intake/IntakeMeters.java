package io.guestflow.processor.intake;

import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.processor.intake.WebhookReading.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What becomes of webhooks and control records. Every record that is read counts once:
 *
 * <pre>webhooks = passed + ignored + unknown + dead letters</pre>
 *
 * What becomes of those that are passed on is the sessions' part of the balance. Counted when processed: work that a
 * transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class IntakeMeters {
    private static final String NO_REASON = "NONE";

    /** What a counter is for; the registry's own look-up sorts and hashes tags, which shows at this rate. */
    private record Event(String became, String reason, String type) {}

    private final MeterRegistry registry;
    private final Map<Event, Counter> events = new ConcurrentHashMap<>();

    IntakeMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void passed(String type) {
        event("passed", NO_REASON, type);
    }

    void ignored(String type, Reason reason) {
        event("ignored", reason.name(), type);
    }

    void unknown() {
        event("unknown", NO_REASON, EventTypes.OTHER);
    }

    void deadLetter(ContractViolation violation) {
        event("dead.letter", violation.problems().getFirst().defect().name(), EventTypes.OTHER);
    }

    /** Times in a webhook that could not be read or true, and had the record's put in their place. */
    void timesReplaced(int count) {
        if (count > 0) {
            registry.counter("guestflow.intake.times.replaced").increment(count);
        }
    }

    /** What became of a record on a control topic. */
    void control(String topic, Control became) {
        registry.counter(
                        "guestflow.intake.controls",
                        "topic",
                        topic,
                        "became",
                        became.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** What can become of a record on a control topic. */
    enum Control {
        PASSED,
        /** Some of its context is not allowed, and the policy is to reject. */
        REFUSED,
        /** None of its context is allowed. */
        EMPTY,
        UNREADABLE
    }

    private void event(String became, String reason, String type) {
        events.computeIfAbsent(
                        new Event(became, reason, type),
                        event -> registry.counter(
                                "guestflow.intake.events",
                                "became",
                                event.became(),
                                "reason",
                                event.reason(),
                                "type",
                                event.type()))
                .increment();
    }
}
