package io.guestflow.processor.factlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What becomes of the records of {@code guest-facts}. Each that is read counts once:
 *
 * <pre>facts = read + unknown version + dead letters</pre>
 *
 * Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class FactMeters {
    private final Counter read;
    private final Counter unknownVersion;
    private final Counter deadLetters;

    FactMeters(MeterRegistry registry) {
        read = became(registry, "read");
        unknownVersion = became(registry, "unknown.version");
        deadLetters = became(registry, "dead.letter");
    }

    void read() {
        read.increment();
    }

    void unknownVersion() {
        unknownVersion.increment();
    }

    void deadLetter() {
        deadLetters.increment();
    }

    private static Counter became(MeterRegistry registry, String what) {
        return registry.counter("guestflow.facts.derived", "became", what);
    }
}
