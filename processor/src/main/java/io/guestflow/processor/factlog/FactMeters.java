package io.guestflow.processor.factlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What becomes of the records of {@code guest-facts}. Each counts once:
 *
 * <pre>records = told + known + unknown version + unknown kind + id reused + dead letters</pre>
 *
 * Counted when processed: work that a transaction loses and that is done again counts again.
 *
 * <p>Threading: any thread.
 */
final class FactMeters {
    private final Counter told;
    private final Counter known;
    private final Counter unknownVersion;
    private final Counter unknownKind;
    private final Counter idReused;
    private final Counter deadLetters;

    FactMeters(MeterRegistry registry) {
        told = became(registry, "told");
        known = became(registry, "known");
        unknownVersion = became(registry, "unknown.version");
        unknownKind = became(registry, "unknown.kind");
        idReused = became(registry, "id.reused");
        deadLetters = became(registry, "dead.letter");
    }

    /** Handed on. */
    void told() {
        told.increment();
    }

    /** Told already. Under exactly once that is somebody who has facts derived or read again. */
    void known() {
        known.increment();
    }

    void unknownVersion() {
        unknownVersion.increment();
    }

    void unknownKind() {
        unknownKind.increment();
    }

    /** A dead letter, because another fact has its id. */
    void idReused() {
        idReused.increment();
    }

    /** A dead letter, because it cannot be read. */
    void deadLetter() {
        deadLetters.increment();
    }

    private static Counter became(MeterRegistry registry, String what) {
        return registry.counter("guestflow.facts.derived", "became", what);
    }
}
